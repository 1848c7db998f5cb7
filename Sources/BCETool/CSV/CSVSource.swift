// SPDX-License-Identifier: Apache-2.0

/// The bytes of a file, or of standard input, in order.
struct CSVSource: ~Copyable {
    /// Nil for standard input.
    private let file: InputFile?
    private var position = 0

    init(_ file: InputFile?) { self.file = file }

    /// The number of bytes in all; nil for standard input.
    var size: Int? { file?.size }

    /// Reads the next bytes into `bytes`, and fills it unless the input ends.
    ///
    /// - Returns: the number of bytes that were read.
    mutating func read(_ bytes: UnsafeMutableRawBufferPointer) throws -> Int {
        let count: Int
        if let file {
            count = min(bytes.count, file.size - position)
            try unsafe file.read(UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]), at: position)
        } else {
            count = try unsafe Self.readStandardInput(bytes)
        }
        position += count
        return count
    }

    private static func readStandardInput(_ bytes: UnsafeMutableRawBufferPointer) throws -> Int {
        var done = 0
        while done < bytes.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
            let count = unsafe readBytes(0, rest.baseAddress!, rest.count)
            if count == 0 { break }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                // Another process that shares this end of the pipe has made it non-blocking.
                var request = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
                _ = unsafe poll(&request, 1, -1)
            } else if errno != EINTR {
                throw ToolError("standard input: cannot be read: \(SystemError.last.reason)")
            }
        }
        return done
    }
}

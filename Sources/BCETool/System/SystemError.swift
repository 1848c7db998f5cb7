// SPDX-License-Identifier: Apache-2.0

/// Why a system call failed.
struct SystemError: Error, Equatable {
    let code: Int32

    init(_ code: Int32) { self.code = code }

    /// The error of the call just made.
    static var last: SystemError { SystemError(errno) }

    var reason: String { unsafe String(cString: strerror(code)) }
}

/// Calls `transfer` until it has transferred `count` bytes of a file, continuing after interruptions.
///
/// - Parameter transfer: reads or writes a part, as `pread` and `pwrite` do, given the number of bytes that have been
///   transferred and the number that have not.
/// - Returns: false if the file ends before.
func transferAll(
    _ count: Int, _ transfer: (_ done: Int, _ rest: Int) -> Int
) throws(SystemError) -> Bool {
    var done = 0
    while done < count {
        let part = transfer(done, count - done)
        if part == 0 { return false }
        if part > 0 {
            done += part
        } else if errno != EINTR {
            throw .last
        }
    }
    return true
}

/// Writes all of `bytes`, continuing after interruptions.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(SystemError) {
    var rest = unsafe bytes[...]
    while unsafe !rest.isEmpty {
        let buffer = unsafe UnsafeRawBufferPointer(rebasing: rest)
        let written = unsafe writeBytes(descriptor, buffer.baseAddress!, buffer.count)
        if written > 0 {
            unsafe rest = rest.dropFirst(written)
        } else if written == 0 {
            throw SystemError(EIO)
        } else if errno == EAGAIN {
            // A parent process made its end of the pipe non-blocking, and thereby this end too.
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = unsafe poll(&request, 1, -1)
        } else if errno != EINTR {
            throw .last
        }
    }
}

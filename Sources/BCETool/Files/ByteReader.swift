// SPDX-License-Identifier: Apache-2.0

/// The bytes of a file in order.
struct ByteReader {
    private let file: InputFile
    private let window: Buffer<UInt8>
    private var position = 0
    private var end = 0
    /// The offset of the window in the file.
    private var offset = 0

    init(_ file: InputFile) throws {
        self.file = file
        window = try Buffer(count: min(file.size, 1 << 18), for: file.path)
    }

    /// The number of bytes taken so far.
    var consumed: Int { offset + position }

    /// The byte that `take` will return, or nil at the end of the file.
    mutating func peek() throws -> UInt8? {
        if position == end {
            offset += end
            (position, end) = (0, min(window.count, file.size - offset))
            try unsafe window.withMutableBytes(0..<end) { try unsafe file.read($0, at: offset) }
        }
        return position < end ? window[position] : nil
    }

    /// Appends up to `limit` bytes to `field`: those before the first one that satisfies `isSpecial`, as far as the
    /// window goes.
    mutating func take(
        atMost limit: Int, until isSpecial: (UInt8) -> Bool, to field: inout [UInt8]
    ) throws {
        guard try peek() != nil else { return }
        let start = position
        let last = min(end, start + limit)
        while position < last, !isSpecial(window[position]) { position += 1 }
        unsafe window.withMutableBytes(start..<position) { unsafe field.append(contentsOf: $0) }
    }

    mutating func take() throws -> UInt8? {
        guard let byte = try peek() else { return nil }
        position += 1
        return byte
    }
}

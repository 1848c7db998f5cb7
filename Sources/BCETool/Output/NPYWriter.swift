// SPDX-License-Identifier: Apache-2.0

/// Writes an .npy file, format version 1, piece by piece.
struct NPYWriter {
    private let file: OutputFile
    private let headerSize: Int

    init<T: NPYElement>(_ file: OutputFile, of _: T.Type, shape: [Int]) throws {
        self.file = file
        let header = Self.header(T.npyType, shape)
        headerSize = header.count
        try unsafe header.withUnsafeBytes { try unsafe file.write($0, at: 0) }
    }

    /// Writes the first `count` elements of `buffer` as the elements starting at `index`. Several threads may do so at
    /// once.
    func write<T: NPYElement>(_ buffer: Buffer<T>, _ count: Int, at index: Int) throws {
        try unsafe buffer.withMutableBytes(0..<count) {
            try unsafe file.write(
                UnsafeRawBufferPointer($0), at: headerSize + index * MemoryLayout<T>.stride)
        }
    }

    /// The preamble and the description, padded so that the elements begin at a multiple of 64 bytes.
    private static func header(_ type: String, _ shape: [Int]) -> [UInt8] {
        let tuple = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(tuple)), }"
        text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
        let length = text.utf8.count
        return [0x93] + "NUMPY".utf8 + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + text.utf8
    }
}

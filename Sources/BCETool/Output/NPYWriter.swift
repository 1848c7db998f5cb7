/// Writes an .npy file, format 1, piece by piece.
struct NPYWriter {
    private let file: OutputFile

    init<T: NPYElement>(_ file: OutputFile, of _: T.Type, shape: [Int]) throws {
        self.file = file
        try unsafe Self.header(T.npyType, shape).withUnsafeBytes { try unsafe file.append($0) }
    }

    func append<T: NPYElement>(_ elements: [T]) throws {
        try unsafe elements.withUnsafeBytes { try unsafe file.append($0) }
    }

    /// The preamble and the description, so long that the elements begin at a multiple of 64 bytes.
    private static func header(_ type: String, _ shape: [Int]) -> [UInt8] {
        let tuple = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(tuple)), }"
        text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
        let length = text.utf8.count
        return [0x93] + "NUMPY".utf8 + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + text.utf8
    }
}

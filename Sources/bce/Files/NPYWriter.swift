import Foundation

/// Writes .npy files, format 1.
enum NPYWriter {
    /// Writes beside `path` and renames, so that what was there before is whole until the new file is.
    static func write<T: NPYElement>(_ elements: [T], shape: [Int], to path: String) throws {
        let tuple = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var header = "{'descr': '\(T.npyType)', 'fortran_order': False, 'shape': (\(tuple)), }"
        // The elements begin at a multiple of 64 bytes.
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        var file = Data([0x93] + Array("NUMPY".utf8) + [1, 0])
        file.append(contentsOf: [UInt8(header.utf8.count & 0xff), UInt8(header.utf8.count >> 8)])
        file.append(contentsOf: header.utf8)
        unsafe elements.withUnsafeBytes { unsafe file.append(contentsOf: $0) }
        do {
            try file.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw ToolError("\(path): cannot be written: \(error.localizedDescription)")
        }
    }
}

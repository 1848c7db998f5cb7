import Foundation

/// The header of an .npy file, format 1 to 3: element type, shape and where the elements begin.
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct NPYHeader {
    /// As NumPy writes it without the byte order: "f8", "u1".
    let type: String
    let isBigEndian: Bool
    let shape: [Int]
    let count: Int
    let dataOffset: Int

    /// NumPy's own limit for a header that it is not told to trust.
    private static let longestHeader = 10_000

    init(_ file: MappedFile) throws {
        let path = file.path
        let bytes = unsafe file.bytes
        guard bytes.count >= 10, unsafe bytes.prefix(6).elementsEqual([0x93] + "NUMPY".utf8) else {
            throw ToolError("\(path): not an .npy file")
        }
        let version = unsafe bytes[6]
        guard (1...3).contains(version) else {
            throw ToolError("\(path): .npy format \(version), expected 1 to 3")
        }
        let lengthBytes = version == 1 ? 2 : 4
        guard bytes.count >= 8 + lengthBytes else { throw ToolError("\(path): truncated in its header") }
        let length = (0..<lengthBytes).reduce(0) { unsafe $0 | Int(bytes[8 + $1]) << (8 * $1) }
        guard length <= Self.longestHeader else {
            throw ToolError("\(path): a header of \(length) bytes, expected at most \(Self.longestHeader)")
        }
        dataOffset = 8 + lengthBytes + length
        guard bytes.count >= dataOffset else { throw ToolError("\(path): truncated in its header") }
        let text = unsafe String(decoding: bytes[(8 + lengthBytes)..<dataOffset], as: UTF8.self)

        guard let descriptor = text.firstMatch(of: #/'descr'\s*:\s*'([<>|=]?)([a-zA-Z]\d+)'/#) else {
            throw ToolError("\(path): no element type in its header, or one with fields")
        }
        type = String(descriptor.2)
        isBigEndian = descriptor.1 == ">"
        guard let order = text.firstMatch(of: #/'fortran_order'\s*:\s*(True|False)/#) else {
            throw ToolError("\(path): no fortran_order in its header")
        }
        guard let tuple = text.firstMatch(of: #/'shape'\s*:\s*\(([\d\s,]*)\)/#) else {
            throw ToolError("\(path): no shape in its header")
        }
        let extents = tuple.1.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        shape = try extents.map {
            guard let extent = Int($0) else { throw ToolError("\(path): shape (\(tuple.1)) overflows") }
            return extent
        }
        guard (1...2).contains(shape.count) else {
            throw ToolError("\(path): \(shape.count) dimensions, expected 1 or 2")
        }
        guard order.1 == "False" || shape.count == 1 else {
            throw ToolError("\(path): Fortran order, expected C order (numpy.ascontiguousarray)")
        }
        var product = 1
        for extent in shape {
            let (value, overflow) = product.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw ToolError("\(path): shape \(shape) overflows") }
            product = value
        }
        count = product
    }
}

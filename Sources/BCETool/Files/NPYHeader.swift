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
        let text = unsafe Array(bytes[(8 + lengthBytes)..<dataOffset])
        guard case .dictionary(let entries)? = PythonLiteral(text) else {
            throw ToolError("\(path): its header is not a Python dictionary")
        }
        (type, isBigEndian) = try Self.elementType(entries["descr"], path)
        guard case .boolean(let isFortran)? = entries["fortran_order"] else {
            throw ToolError("\(path): no fortran_order in its header")
        }
        (shape, count) = try Self.shape(entries["shape"], path)
        guard !isFortran || shape.count == 1 else {
            throw ToolError("\(path): Fortran order, expected C order (numpy.ascontiguousarray)")
        }
    }

    private static func elementType(
        _ literal: PythonLiteral?, _ path: String
    ) throws -> (name: String, isBigEndian: Bool) {
        guard let literal else { throw ToolError("\(path): no element type (descr) in its header") }
        guard case .string(let text) = literal else {
            throw ToolError("\(path): its element type has fields, expected numbers")
        }
        guard let match = text.wholeMatch(of: #/([<>|=]?)([a-zA-Z][0-9]+)/#) else {
            throw ToolError("\(path): its element type is \"\(text.excerpt)\", expected numbers")
        }
        return (String(match.2), match.1 == ">")
    }

    private static func shape(
        _ literal: PythonLiteral?, _ path: String
    ) throws -> (extents: [Int], count: Int) {
        guard case .tuple(let elements)? = literal else {
            throw ToolError("\(path): no shape in its header")
        }
        guard (1...2).contains(elements.count) else {
            throw ToolError("\(path): \(elements.count) dimensions, expected 1 or 2")
        }
        var (extents, count) = ([Int](), 1)
        for element in elements {
            guard case .integer(let digits) = element, !digits.hasPrefix("-") else {
                throw ToolError("\(path): its shape is not of whole numbers from 0")
            }
            guard let extent = Int(digits) else {
                throw ToolError("\(path): shape overflows: \(digits.excerpt)")
            }
            extents.append(extent)
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw ToolError("\(path): shape \(extents) overflows") }
            count = product
        }
        return (extents, count)
    }
}

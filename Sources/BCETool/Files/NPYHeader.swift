// SPDX-License-Identifier: Apache-2.0

/// The header of an .npy file, format 1.0 to 3.0: the element type, the shape and where the elements begin.
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct NPYHeader {
    /// As NumPy writes it but without the byte order: "f8", "u1".
    let type: String
    let isBigEndian: Bool
    let shape: [Int]
    let count: Int
    let dataOffset: Int

    /// NumPy's own limit for a header that it has not been told to trust.
    private static let longestHeader = 10_000
    private static let keys: Set = ["descr", "fortran_order", "shape"]

    init(_ file: InputFile) throws {
        let path = file.path
        let (text, offset) = try Self.text(file)
        dataOffset = offset
        guard case .dictionary(let entries)? = PythonLiteral(text) else {
            throw ToolError("\(path): its header is not a Python dictionary")
        }
        // An unknown key could change the meaning of the elements in an unknown way.
        if let key = entries.keys.filter({ !Self.keys.contains($0) }).min() {
            throw ToolError("\(path): unknown key \"\(key.excerpt)\" in its header")
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

    /// The description between the preamble and the elements, and where the elements begin.
    private static func text(_ file: InputFile) throws -> (text: [UInt8], end: Int) {
        let path = file.path
        let magic = [0x93] + Array("NUMPY".utf8)
        let preamble = try bytes(of: file, 0..<min(file.size, 12))
        guard preamble.count >= 10, preamble.starts(with: magic) else {
            throw ToolError("\(path): not an .npy file")
        }
        let version = (major: preamble[6], minor: preamble[7])
        guard (1...3).contains(version.major), version.minor == 0 else {
            throw ToolError(
                "\(path): .npy format \(version.major).\(version.minor), expected 1.0, 2.0 or 3.0")
        }
        let lengthBytes = version.major == 1 ? 2 : 4
        let start = 8 + lengthBytes
        guard file.size >= start else { throw ToolError("\(path): truncated in its header") }
        let length = (0..<lengthBytes).reduce(0) { $0 | Int(preamble[8 + $1]) << (8 * $1) }
        guard length <= longestHeader else {
            throw ToolError("\(path): a header of \(length) bytes, expected at most \(longestHeader)")
        }
        guard file.size >= start + length else { throw ToolError("\(path): truncated in its header") }
        return (try bytes(of: file, start..<start + length), start + length)
    }

    private static func bytes(of file: InputFile, _ range: Range<Int>) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read($0, at: range.lowerBound) }
        return bytes
    }

    private static func elementType(
        _ literal: PythonLiteral?, _ path: FilePath
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
        _ literal: PythonLiteral?, _ path: FilePath
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

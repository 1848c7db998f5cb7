// SPDX-License-Identifier: Apache-2.0

/// An element type that .npy files and the library share.
protocol NPYElement: BitwiseCopyable {
    static var npyType: String { get }
}

extension Float: NPYElement { static var npyType: String { "<f4" } }
extension Double: NPYElement { static var npyType: String { "<f8" } }

/// The elements that follow an .npy header, read one range at a time.
struct NPYElements {
    let file: InputFile
    let type: ElementType
    private let header: NPYHeader
    /// The role of the elements, for messages.
    private let role: FileRole

    init(_ file: InputFile, _ header: NPYHeader, _ role: FileRole) throws {
        guard let type = ElementType(rawValue: header.type), role.allows(type) else {
            throw ToolError(
                "\(file.path): elements of type \(header.type.excerpt), expected \(role.allowedTypes)")
        }
        (self.file, self.header, self.type, self.role) = (file, header, type, role)
        let (bytes, overflow) = header.count.multipliedReportingOverflow(by: type.size)
        guard !overflow else { throw ToolError("\(file.path): shape \(header.shape) overflows") }
        let available = file.size - header.dataOffset
        guard bytes <= available else {
            throw ToolError(
                "\(file.path): truncated: \(available) bytes of data, shape \(header.shape) needs \(bytes)")
        }
    }

    /// Reads the elements of `range` in this machine's byte order.
    func read(_ range: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws {
        try unsafe file.read(bytes, at: header.dataOffset + range.lowerBound * type.size)
        if header.isBigEndian == isLittleEndian {
            switch type.size {
            case 2: unsafe swapBytes(bytes, UInt16.self)
            case 4: unsafe swapBytes(bytes, UInt32.self)
            case 8: unsafe swapBytes(bytes, UInt64.self)
            default: break
            }
        }
        if type == .b1 { try unsafe checkBooleans(UnsafeRawBufferPointer(bytes), from: range.lowerBound) }
    }

    private var isLittleEndian: Bool { 1.littleEndian == 1 }

    private func swapBytes<I: FixedWidthInteger>(_ bytes: UnsafeMutableRawBufferPointer, _: I.Type) {
        let elements = unsafe bytes.assumingMemoryBound(to: I.self)
        for index in elements.indices { unsafe elements[index] = elements[index].byteSwapped }
    }

    /// NumPy writes Booleans only as 0 and 1, so any other byte means that these are not Booleans.
    private func checkBooleans(_ bytes: UnsafeRawBufferPointer, from start: Int) throws {
        guard unsafe !areZerosAndOnes(bytes) else { return }
        for index in bytes.indices where unsafe bytes[index] > 1 {
            throw ToolError(
                "\(role.name)[\(start + index)] is the byte \(unsafe bytes[index]), expected 0 or 1, as "
                    + "\(file.path) is of type b1")
        }
    }
}

/// Whether no byte is greater than 1. It has no branch per byte, which takes a tenth of the time.
func areZerosAndOnes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var seen: UInt8 = 0
    for index in bytes.indices { unsafe seen |= bytes[index] }
    return seen <= 1
}

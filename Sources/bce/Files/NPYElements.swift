import Foundation

/// An element type that .npy files and the library share.
protocol NPYElement: BitwiseCopyable {
    static var npyType: String { get }
}

extension Float: NPYElement { static var npyType: String { "<f4" } }
extension Double: NPYElement { static var npyType: String { "<f8" } }

/// The elements behind an .npy header. What is of a type of the library is used where it is mapped; the rest is
/// converted: f2 to Float, integers to the bytes 0 and 1, either byte order.
@safe
struct NPYElements {
    private let file: MappedFile
    private let header: NPYHeader
    private let data: UnsafeRawBufferPointer

    init(_ file: MappedFile, _ header: NPYHeader) throws {
        self.file = file
        self.header = header
        let size = Int(header.type.dropFirst()) ?? 0
        let (bytes, overflow) = header.count.multipliedReportingOverflow(by: size)
        guard !overflow else { throw ToolError("\(file.path): shape \(header.shape) overflows") }
        let available = unsafe file.bytes.count - header.dataOffset
        guard bytes <= available else {
            throw ToolError(
                "\(file.path): truncated: \(available) bytes of data, shape \(header.shape) needs \(bytes)")
        }
        unsafe data = UnsafeRawBufferPointer(
            rebasing: file.bytes[header.dataOffset..<(header.dataOffset + bytes)])
    }

    func values(_ role: FileColumn.Role) throws -> AnyValues {
        switch (header.type, role) {
        case ("f8", _):
            return .double(
                inPlace(Double.self) ?? Values(convert(UInt64.self) { bits, _ in Double(bitPattern: bits) }))
        case ("f4", _):
            return .float(
                inPlace(Float.self) ?? Values(convert(UInt32.self) { bits, _ in Float(bitPattern: bits) }))
        case ("f2", _):
            return .float(Values(convert(UInt16.self) { bits, _ in Float(Float16(bitPattern: bits)) }))
        case ("b1", .targets), ("u1", .targets): return .uint8(inPlace(UInt8.self)!)
        case ("i1", .targets): return try labels(Int8.self)
        case ("i2", .targets): return try labels(Int16.self)
        case ("i4", .targets): return try labels(Int32.self)
        case ("i8", .targets): return try labels(Int64.self)
        case ("u2", .targets): return try labels(UInt16.self)
        case ("u4", .targets): return try labels(UInt32.self)
        case ("u8", .targets): return try labels(UInt64.self)
        default:
            throw ToolError(
                "\(file.path): elements of type \(header.type), expected f2, f4 or f8"
                    + (role == .targets ? ", b1, u1 to u8 or i1 to i8" : " for predictions"))
        }
    }

    /// The elements where they lie, if they have this machine's byte order and the type's alignment.
    private func inPlace<T: BitwiseCopyable>(_: T.Type) -> Values<T>? {
        let swapped = header.isBigEndian && MemoryLayout<T>.size > 1
        guard !swapped, header.dataOffset % MemoryLayout<T>.alignment == 0 else { return nil }
        return unsafe Values(file: file, data.bindMemory(to: T.self))
    }

    /// The elements converted one by one; `element` also gets the index of each.
    private func convert<I: FixedWidthInteger, R>(
        _: I.Type, _ element: (I, Int) throws -> R
    ) rethrows -> [R] {
        var progress = Progress("converting \(file.path)", total: header.count)
        defer { progress.finish() }
        var converted: [R] = []
        converted.reserveCapacity(header.count)
        for index in 0..<header.count {
            let raw = unsafe data.loadUnaligned(fromByteOffset: index * MemoryLayout<I>.size, as: I.self)
            converted.append(
                try element(header.isBigEndian ? I(bigEndian: raw) : I(littleEndian: raw), index))
            if index & 0xfffff == 0 { progress.advance(to: index) }
        }
        return converted
    }

    private func labels<I: FixedWidthInteger>(_ type: I.Type) throws -> AnyValues {
        .uint8(
            Values(
                try convert(type) { value, index in
                    guard value == 0 || value == 1 else {
                        throw ToolError("targets[\(index)] is \(value), expected 0 or 1")
                    }
                    return UInt8(value)
                }))
    }
}

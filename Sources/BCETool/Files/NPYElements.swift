import Foundation

/// An element type that .npy files and the library share.
protocol NPYElement: BitwiseCopyable {
    static var npyType: String { get }
}

extension Float: NPYElement { static var npyType: String { "<f4" } }
extension Double: NPYElement { static var npyType: String { "<f8" } }

/// The elements behind an .npy header. What is of a type of the library is used where it is mapped; the rest is
/// converted: integers, and either byte order.
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

    /// As NumPy writes it without the byte order: "f8", "u1".
    var type: String { header.type }

    func wrongType(expected: String) -> ToolError {
        ToolError("\(file.path): elements of type \(type), expected \(expected)")
    }

    /// Elements of the type f8; the others likewise.
    func doubles() -> Values<Double> {
        inPlace() ?? Values(convert(UInt64.self) { Double(bitPattern: $0) })
    }

    func floats() -> Values<Float> {
        inPlace() ?? Values(convert(UInt32.self) { Float(bitPattern: $0) })
    }

    func halves() -> Values<Float16> {
        inPlace() ?? Values(convert(UInt16.self) { Float16(bitPattern: $0) })
    }

    func bytes() -> Values<UInt8> { inPlace()! }

    /// What `transform` makes of each element, or nil if they are neither integers nor Booleans.
    func integers<R>(_ transform: (Double) -> R) -> [R]? {
        switch type {
        case "b1", "u1": convert(UInt8.self) { transform(Double($0)) }
        case "i1": convert(Int8.self) { transform(Double($0)) }
        case "i2": convert(Int16.self) { transform(Double($0)) }
        case "i4": convert(Int32.self) { transform(Double($0)) }
        case "i8": convert(Int64.self) { transform(Double($0)) }
        case "u2": convert(UInt16.self) { transform(Double($0)) }
        case "u4": convert(UInt32.self) { transform(Double($0)) }
        case "u8": convert(UInt64.self) { transform(Double($0)) }
        default: nil
        }
    }

    /// The elements where they lie, if they have this machine's byte order and the type's alignment.
    private func inPlace<T: BitwiseCopyable>() -> Values<T>? {
        let swapped = header.isBigEndian && MemoryLayout<T>.size > 1
        guard !swapped, header.dataOffset % MemoryLayout<T>.alignment == 0 else { return nil }
        return unsafe Values(file: file, data.bindMemory(to: T.self))
    }

    private func convert<I: FixedWidthInteger, R>(_: I.Type, _ element: (I) -> R) -> [R] {
        var progress = Progress("converting \(file.path)", total: header.count)
        defer { progress.finish() }
        var converted: [R] = []
        converted.reserveCapacity(header.count)
        for index in 0..<header.count {
            let raw = unsafe data.loadUnaligned(fromByteOffset: index * MemoryLayout<I>.size, as: I.self)
            converted.append(element(header.isBigEndian ? I(bigEndian: raw) : I(littleEndian: raw)))
            if index & 0xfffff == 0 { progress.advance(to: index) }
        }
        return converted
    }
}

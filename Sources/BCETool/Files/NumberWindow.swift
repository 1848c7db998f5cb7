// SPDX-License-Identifier: Apache-2.0

/// Numbers in one of the types in which the library reads them.
enum Numbers {
    case bytes(Buffer<UInt8>)
    case floats(Buffer<Float>)
    case doubles(Buffer<Double>)

    subscript(_ index: Int) -> Double {
        switch self {
        case .bytes(let elements): Double(elements[index])
        case .floats(let elements): Double(elements[index])
        case .doubles(let elements): elements[index]
        }
    }
}

/// Room for consecutive targets, weights or mask bytes, converted if the library does not read the type of the file.
/// Elements stay in memory until others are read, so that the check and the batch see the same bytes.
final class NumberWindow {
    let column: FileColumn
    private(set) var range = 0..<0
    private(set) var numbers: Numbers
    private let conversion: Conversion

    private enum Conversion {
        case none
        case halves(Buffer<Float16>, to: Buffer<Float>)
        case integers(Buffer<UInt8>, to: Buffer<Double>)
        /// Targets: bytes if all of those in the window are 0 or 1, otherwise Doubles.
        case labels(Buffer<UInt8>, to: Buffer<UInt8>, or: Buffer<Double>)
        case integerMask(Buffer<UInt8>, to: Buffer<UInt8>)
        case numberMask(Buffer<Double>, to: Buffer<UInt8>)
    }

    init(_ column: FileColumn, capacity: Int) throws {
        self.column = column
        func buffer<T>(_ count: Int = capacity) throws -> Buffer<T> {
            try Buffer(count: count, for: column.path)
        }
        switch (column.type, column.role) {
        case (.f2, _):
            let floats: Buffer<Float> = try buffer()
            (numbers, conversion) = (.floats(floats), .halves(try buffer(), to: floats))
        case (.f4, _): (numbers, conversion) = (.floats(try buffer()), .none)
        case (.f8, .mask):
            let bytes: Buffer<UInt8> = try buffer()
            (numbers, conversion) = (.bytes(bytes), .numberMask(try buffer(), to: bytes))
        case (.f8, _): (numbers, conversion) = (.doubles(try buffer()), .none)
        case (.b1, .targets), (.u1, .targets), (.b1, .mask), (.u1, .mask):
            (numbers, conversion) = (.bytes(try buffer()), .none)
        case (let type, let role):
            let raw: Buffer<UInt8> = try buffer(capacity * type.size)
            if role == .mask {
                let bytes: Buffer<UInt8> = try buffer()
                (numbers, conversion) = (.bytes(bytes), .integerMask(raw, to: bytes))
            } else {
                let doubles: Buffer<Double> = try buffer()
                numbers = .doubles(doubles)
                conversion =
                    role == .targets
                    ? .labels(raw, to: try buffer(), or: doubles) : .integers(raw, to: doubles)
            }
        }
    }

    func read(_ range: Range<Int>) throws {
        guard range != self.range else { return }
        self.range = 0..<0
        switch conversion {
        case .none:
            switch numbers {
            case .bytes(let elements): try fill(elements, range)
            case .floats(let elements): try fill(elements, range)
            case .doubles(let elements): try fill(elements, range)
            }
        case .halves(let halves, let floats):
            try fill(halves, range)
            for index in 0..<range.count { floats[index] = Float(halves[index]) }
        case .integers(let raw, let doubles):
            try fill(raw, range)
            unsafe raw.withBytes { unsafe column.type.writeDoubles($0, range.count, to: doubles) }
        case .labels(let raw, let bytes, let doubles):
            try fill(raw, range)
            unsafe raw.withBytes { raw in
                if unsafe column.type.writeLabels(raw, range.count, to: bytes) {
                    numbers = .bytes(bytes)
                } else {
                    unsafe column.type.writeDoubles(raw, range.count, to: doubles)
                    numbers = .doubles(doubles)
                }
            }
        case .integerMask(let raw, let bytes):
            try fill(raw, range)
            unsafe raw.withBytes { unsafe column.type.writeMask($0, range.count, to: bytes) }
        case .numberMask(let doubles, let bytes):
            try fill(doubles, range)
            for index in 0..<range.count {
                if doubles[index].isNaN {
                    throw ToolError(
                        "mask[\(range.lowerBound + index)] is nan, expected a number: 0 where an element "
                            + "does not count")
                }
                bytes[index] = doubles[index] == 0 ? 0 : 1
            }
        }
        self.range = range
    }

    /// Reads elements in the file's type; each takes up one or more elements of the buffer.
    private func fill<T>(_ buffer: Buffer<T>, _ range: Range<Int>) throws {
        let count = range.count * column.type.size / MemoryLayout<T>.size
        try unsafe buffer.withMutableBytes(0..<count) { try unsafe column.read(range, into: $0) }
    }
}

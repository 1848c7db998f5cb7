// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

extension DType {
    /// The number of bits per element.
    @export(implementation) @inline(always)
    public var bits: Int {
        switch self {
        case .bit: 1
        case .byte, .int8: 8
        case .half, .bfloat16, .uint16, .int16: 16
        case .float, .uint32, .int32: 32
        case .double, .uint64, .int64: 64
        }
    }

    /// Whether this is an integer type with values that Float cannot represent exactly.
    var hasIntegersBeyondFloat: Bool {
        switch self {
        case .uint32, .int32, .uint64, .int64: true
        case .float, .double, .half, .bfloat16, .bit, .byte, .int8, .uint16, .int16: false
        }
    }

    /// The number of this type that is nearest to a value, or NaN for integer types if the value is not an integer.
    package func nearest(_ value: Double) -> Double {
        switch self {
        case .double: value
        case .float: Double(Float(value))
        case .half: value.rounded(toSignificantBits: 11, leastExponent: -14, greatest: 65504)
        case .bfloat16:
            value.rounded(toSignificantBits: 8, leastExponent: -126, greatest: 0x1.fep127)
        case .bit, .byte, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64:
            value == value.rounded() ? value : .nan
        }
    }

    /// The number of bytes that `count` elements occupy; for bits, `count` is a multiple of 8 or extends to the end.
    package func bytes(_ count: Int) -> Int { (count * bits + 7) / 8 }

    /// The number of whole elements in `bytes` bytes. The size is a power of two, and a division by one that is not known
    /// in advance takes as long as a vector of losses.
    @export(implementation) @inline(always)
    public func elements(in bytes: Int) -> Int { (bytes * 8) >> bits.trailingZeroBitCount }

    /// The type of losses and derivatives for predictions of this type.
    @export(implementation) @inline(always)
    public var result: DType { self == .double ? .double : .float }
}

extension Double {
    /// The nearest number, or infinity, of an IEEE type with so many significant bits, in which numbers with the least
    /// exponent or below have the same unit in the last place.
    fileprivate func rounded(toSignificantBits bits: Int, leastExponent: Int, greatest: Double) -> Double {
        guard self != 0, isFinite else { return self }
        let exponent = Swift.max(Int(self.exponent), leastExponent) - (bits - 1)
        let unit = Double(sign: .plus, exponent: exponent, significand: 1)
        let nearest = (self / unit).rounded(.toNearestOrEven) * unit
        return nearest.magnitude > greatest ? self * .infinity : nearest
    }
}

extension Column? {
    /// Whether there are weights that Float lanes would round.
    var isWide: Bool { self != nil && self!.dtype != .float }
}

extension Column {
    @export(implementation) @inline(always)
    public init(_ base: UnsafeRawPointer, _ dtype: DType) { self.init(base: base, dtype: dtype, bit: 0) }

    /// The value of an IEEE half. `Float16` is not used because it does not exist on every platform.
    package static func valueOfHalf(_ bitPattern: UInt16) -> Double { Double(vk_half_value(bitPattern)) }

    /// The elements from `index` on.
    package func from(_ index: Int) -> Column {
        let bits = index * dtype.bits + Int(bit)
        return Column(base: base + bits >> 3, dtype: dtype, bit: UInt8(bits & 7))
    }
}

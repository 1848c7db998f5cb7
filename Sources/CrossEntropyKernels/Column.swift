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

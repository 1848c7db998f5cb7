// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

extension DType {
    /// The number of bits per element.
    package var bits: Int {
        switch self {
        case .float: 32
        case .double, .integer: 64
        case .half, .bfloat16: 16
        case .byte: 8
        case .bit: 1
        }
    }

    /// The number of bytes that `count` elements occupy; for bits, `count` is a multiple of 8 or extends to the end.
    package func bytes(_ count: Int) -> Int { (count * bits + 7) / 8 }

    /// The type of losses and derivatives for predictions of this type.
    package var result: DType { self == .double ? .double : .float }
}

extension Column? {
    /// Whether there are weights that Float lanes would round.
    var isWide: Bool { self != nil && self!.dtype != .float }
}

extension Column {
    package init(_ base: UnsafeRawPointer, _ dtype: DType) { self.init(base: base, dtype: dtype, bit: 0) }

    /// The elements from `index` on.
    package func from(_ index: Int) -> Column {
        let bits = index * dtype.bits + Int(bit)
        return Column(base: base + bits >> 3, dtype: dtype, bit: UInt8(bits & 7))
    }
}

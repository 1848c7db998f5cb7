// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

extension DType {
    /// Of an element.
    package var bits: Int {
        switch self {
        case .float: 32
        case .double, .integer: 64
        case .half, .bfloat16: 16
        case .byte: 8
        case .bit: 1
        }
    }

    /// Bytes that `count` elements take; for bits, `count` is a multiple of 8 or the end.
    package func bytes(_ count: Int) -> Int { (count * bits + 7) / 8 }

    /// The type that losses and derivatives of such predictions have.
    package var result: DType { self == .double ? .double : .float }
}

extension Column? {
    /// Whether there are weights that Float lanes would round.
    var isWide: Bool { self != nil && self!.dtype != .float }
}

extension Column {
    package init(_ base: UnsafeRawPointer, _ dtype: DType) { self.init(base: base, dtype: dtype, bit: 0) }

    /// From element `index` on.
    package func from(_ index: Int) -> Column {
        let bits = index * dtype.bits + Int(bit)
        return Column(base: base + bits >> 3, dtype: dtype, bit: UInt8(bits & 7))
    }
}

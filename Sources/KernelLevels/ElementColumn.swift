// SPDX-License-Identifier: Apache-2.0

internal import CVectorKernels
internal import VectorKernels

/// How an element lies in memory.
package enum ElementStorage: Sendable {
    /// A floating-point number; `half` is IEEE, `bfloat16` the upper half of a Float.
    case float, double, half, bfloat16
    /// 0 or 1 in a byte or, eight to a byte and the lowest first, in a bit.
    case byte, bit

    /// Bytes that `count` elements take; for bits, `count` is a multiple of 8 or the end.
    package func bytes(_ count: Int) -> Int {
        (count * code.bits + 7) / 8
    }

    /// The type that results and derivatives of such predictions have.
    package var result: ElementStorage { self == .double ? .double : .float }

    fileprivate var code: lk_storage {
        switch self {
        case .float: LK_F32
        case .double: LK_F64
        case .half: LK_F16
        case .bfloat16: LK_BF16
        case .byte: LK_U8
        case .bit: LK_BITS
        }
    }
}

/// Elements of one argument: where they begin, and how they lie there.
package struct ElementColumn {
    package var base: UnsafeRawPointer
    package var storage: ElementStorage

    package init(_ base: UnsafeRawPointer, _ storage: ElementStorage) {
        self.base = base
        self.storage = storage
    }

    /// From element `index` on; of bits, a multiple of 8.
    package func from(_ index: Int) -> ElementColumn {
        ElementColumn(base + storage.bytes(index), storage)
    }
}

extension lk_elements {
    init(_ column: ElementColumn?) {
        self.init(base: column?.base, storage: column?.storage.code ?? LK_F32)
    }

    /// From element `index` on; of bits, a multiple of 8.
    func from(_ index: Int) -> lk_elements {
        lk_elements(base: base.map { $0 + index * storage.bits / 8 }, storage: storage)
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface
import CrossEntropyKernels

/// What an array is used for, which decides the types it may have.
package enum Role {
    case predictions, targets, weights, mask
    /// The factors of a matrix product by BLAS.
    case operands

    fileprivate func allows(_ type: Int) -> Bool {
        switch self {
        case .predictions: CE_FLOAT32...CE_BFLOAT16 ~= type
        case .targets: true
        case .weights, .operands: CE_FLOAT32...CE_FLOAT64 ~= type
        case .mask: CE_BIT...CE_UINT8 ~= type
        }
    }

    private var allowed: String {
        switch self {
        case .predictions: "CE_FLOAT32, CE_FLOAT64, CE_FLOAT16 or CE_BFLOAT16"
        case .targets: "a ce_type other than CE_NONE"
        case .weights, .operands: "CE_FLOAT32 or CE_FLOAT64"
        case .mask: "CE_BOOL, CE_UINT8 or CE_BIT"
        }
    }

    @inline(__always)
    func storage(_ type: ce_type, _ argument: String) throws -> LossStorage {
        guard allows(Int(type)), let storage = LossStorage(Int(type)) else {
            throw InvalidArgument(argument, "has type \(type), expected \(allowed)")
        }
        return storage
    }
}

extension LossStorage {
    @inline(__always)
    fileprivate init?(_ type: Int) {
        switch type {
        case CE_FLOAT32: self.init(dtype: .float)
        case CE_FLOAT64: self.init(dtype: .double)
        case CE_FLOAT16: self.init(dtype: .half)
        case CE_BFLOAT16: self.init(dtype: .bfloat16)
        case CE_BIT: self.init(dtype: .bit)
        case CE_BOOL, CE_UINT8: self.init(dtype: .byte)
        case CE_INT8: self.init(dtype: .int8)
        case CE_UINT16: self.init(dtype: .uint16)
        case CE_INT16: self.init(dtype: .int16)
        case CE_UINT32: self.init(dtype: .uint32)
        case CE_INT32: self.init(dtype: .int32)
        case CE_UINT64: self.init(dtype: .uint64)
        case CE_INT64: self.init(dtype: .int64)
        default: return nil
        }
    }
}

extension Memory {
    /// The elements of an array. Checks its type, address and bit offset.
    @inline(__always)
    package init(_ array: ce_array, _ role: Role, _ argument: String, count: Int) throws {
        let storage = try role.storage(array.type, argument)
        try check(array.data, argument, count: count, alignment: storage.alignment)
        guard array.bit_offset == 0 || (Int(array.type) == CE_BIT && array.bit_offset > 0) else {
            throw InvalidArgument(
                argument, "has bit_offset \(array.bit_offset), expected 0, or more for CE_BIT")
        }
        self.init(array.data, storage, count: count, firstBit: Int(array.bit_offset))
    }
}

extension LossStorage {
    /// The size of an element in bytes, or 1 for bits.
    var alignment: Int { dtype.bytes(1) }
}

/// Checks an address from which, or to which, `count` elements are read or written.
@inline(__always)
package func check(
    _ address: UnsafeRawPointer?, _ argument: String, count: Int, alignment: Int
) throws {
    guard address != nil || count == 0 else { throw InvalidArgument(argument, "is a null pointer") }
    guard UInt(bitPattern: address) % UInt(alignment) == 0 else {
        throw InvalidArgument(argument, "is not aligned to the \(alignment) bytes of its elements")
    }
}

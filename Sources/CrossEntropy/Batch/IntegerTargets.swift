// SPDX-License-Identifier: Apache-2.0

/// A `Bool` is stored as one byte that is 0 or 1.
extension Bool: LossTarget {
    public static var targetStorage: LossStorage { LossStorage(dtype: .byte) }
}

extension UInt8: LossTarget {
    public static var targetStorage: LossStorage { LossStorage(dtype: .byte) }
}

extension Int8: LossTarget {
    public static var targetStorage: LossStorage { LossStorage(dtype: .int8) }
}

extension UInt16: LossTarget {
    public static var targetStorage: LossStorage { LossStorage(dtype: .uint16) }
}

extension Int16: LossTarget {
    public static var targetStorage: LossStorage { LossStorage(dtype: .int16) }
}

extension UInt32: LossTarget {
    public static var targetStorage: LossStorage { LossStorage(dtype: .uint32) }
}

extension Int32: LossTarget {
    public static var targetStorage: LossStorage { LossStorage(dtype: .int32) }
}

extension UInt64: LossTarget {
    public static var targetStorage: LossStorage { LossStorage(dtype: .uint64) }
}

extension Int64: LossTarget {
    public static var targetStorage: LossStorage { LossStorage(dtype: .int64) }
}

/// `Int` and `UInt` have 64 bits on every platform of the library.
extension Int: LossTarget {
    public static var targetStorage: LossStorage { Int64.targetStorage }
}

extension UInt: LossTarget {
    public static var targetStorage: LossStorage { UInt64.targetStorage }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// A type of targets, with what tests need in order to store numbers in it.
public protocol StoredTarget: LossTarget {
    /// The nearest number of this type. For NaN, it is 0 if the type has no NaN.
    init(nearest number: Double)
    /// The value, rounded to Double.
    var number: Double { get }
    /// Values outside [0, 1]: the nearest ones, the largest, and others that a conversion may get wrong.
    static var outside: [Self] { get }
}

extension StoredTarget {
    public static func holds(_ number: Double) -> Bool {
        let held = Self(nearest: number).number
        return held == number || held.isNaN && number.isNaN
    }

    /// Whether targets between 0 and 1 exist.
    public static var isSoft: Bool { holds(0.5) }
}

public let targetTypes: [any StoredTarget.Type] = [
    Float.self, Double.self, Float16.self, BFloat16.self, Bool.self, UInt8.self, Int8.self, UInt16.self,
    Int16.self, UInt32.self, Int32.self, UInt64.self, Int64.self, UInt.self, Int.self,
]

extension StoredTarget where Self: BinaryFloatingPoint {
    public init(nearest number: Double) { self.init(number) }
    public var number: Double { Double(self) }
    public static var outside: [Self] {
        [-1, 2, Self(1).nextUp, -.leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity]
    }
}

extension Float: StoredTarget {}
extension Double: StoredTarget {}
extension Float16: StoredTarget {}

extension BFloat16: StoredTarget {
    public init(nearest number: Double) { self.init(Float(number)) }
    public var number: Double { Double(Float(self)) }
    public static var outside: [BFloat16] {
        // The largest number, the one after 1, and the largest one below 0.
        [0x7F7F, 0x3F81, 0x8001].map { BFloat16(bitPattern: $0) }
            + [-1, 2, .infinity, -.infinity].map { BFloat16($0) }
    }
}

extension StoredTarget where Self: FixedWidthInteger {
    public init(nearest number: Double) {
        self = number.isNaN ? 0 : Self(exactly: number.rounded()) ?? (number < 0 ? .min : .max)
    }
    public var number: Double { Double(self) }
    public static var outside: [Self] {
        [.min, 0 &- 1, 2, .max / 2 + 1, .max - 1, .max].filter { $0 < 0 || $0 > 1 }
    }
}

extension UInt8: StoredTarget {}
extension Int8: StoredTarget {}
extension UInt16: StoredTarget {}
extension Int16: StoredTarget {}
extension UInt32: StoredTarget {}
extension Int32: StoredTarget {}
extension UInt64: StoredTarget {}
extension Int64: StoredTarget {}
extension UInt: StoredTarget {}
extension Int: StoredTarget {}

extension Bool: StoredTarget {
    public init(nearest number: Double) { self = number >= 0.5 }
    public var number: Double { self ? 1 : 0 }
    public static var outside: [Bool] { [] }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The type in which references are computed: 64 significand bits on x86-64, Double elsewhere.
#if arch(x86_64)
    public typealias Reference = Float80
#else
    public typealias Reference = Double
#endif

/// The type of losses and derivatives, and its resolution.
public enum ResultType: Sendable {
    case float, double

    /// The distance between neighbouring numbers of the type at `value`.
    public func ulp(at value: Reference) -> Reference {
        let magnitude = abs(value)
        switch self {
        case .float:
            return max(
                Reference(sign: .plus, exponent: Int(magnitude.exponentOr(-126)) - 23, significand: 1),
                0x1p-149)
        case .double:
            return max(
                Reference(sign: .plus, exponent: Int(magnitude.exponentOr(-1022)) - 52, significand: 1),
                0x1p-1074)
        }
    }

    public var greatest: Reference {
        self == .float ? Reference(Float.greatestFiniteMagnitude) : Reference(Double.greatestFiniteMagnitude)
    }

    /// `value` rounded to the type.
    public func rounded(_ value: Double) -> Double { self == .float ? Double(Float(value)) : value }
}

extension Reference {
    /// The exponent of a finite nonzero number, otherwise `other`.
    fileprivate func exponentOr(_ other: Int) -> Int { isFinite && self != 0 ? Int(exponent) : other }
}

/// A factor of 0 gives 0 even for an infinite loss, but not for a NaN.
public func timesUnlessZero(_ factor: Reference, _ value: Reference) -> Reference {
    factor == 0 && !value.isNaN ? 0 : factor * value
}

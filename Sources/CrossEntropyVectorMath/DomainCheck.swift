// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// Detects a number outside [0, 1] from the minimum and the maximum of the numbers seen: two instructions per sixteen
/// numbers. NaN does not count as outside.
@frozen
public struct DomainCheck<L: SixteenLanes> {
    @usableFromInline var least = L.zero
    @usableFromInline var greatest = L.one

    @export(implementation) @inline(always) public init() {}

    @export(implementation) @inline(always)
    public mutating func see<M: Lanes>(_ numbers: M) where M.Scalar.Lanes == L {
        least = least.atMost(numbers.folded { $0.atMost($1) })
        greatest = greatest.atLeast(numbers.folded { $0.atLeast($1) })
    }

    /// Checks the first `count` lanes.
    @export(implementation) @inline(always)
    public mutating func see<M: Lanes>(_ numbers: M, count: Int) where M.Scalar.Lanes == L {
        see(count == M.count ? numbers : numbers.inPrefix(count, else: M.zero))
    }

    @export(implementation) @inline(always)
    public var isOutside: Bool {
        least.ifAtLeast(L.zero, L.one.ifAtLeast(greatest, L.zero, L.one), L.one).unionOfBits != 0
    }
}

extension Formula {
    /// Whether predictions must lie in [0, 1]: they are probabilities, and either no bound moves them into that range
    /// or the power of a focal factor uses them unbounded.
    @export(implementation) @inline(always)
    public var checksPredictions: Bool { isProbability && (lower == -.infinity || isFocal && gamma != 0) }
}

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// Notices a number outside [0, 1], by the least and the greatest of those it sees: two instructions for sixteen numbers. A NaN
/// is not outside.
@frozen
public struct DomainCheck<L: Lanes> {
    @usableFromInline var least = L.zero
    @usableFromInline var greatest = L.one

    @export(implementation) @inline(always) public init() {}

    @export(implementation) @inline(always)
    public mutating func see(_ numbers: L) {
        least = least.atMost(numbers)
        greatest = greatest.atLeast(numbers)
    }

    /// Sees the first `count` lanes.
    @export(implementation) @inline(always)
    public mutating func see(_ numbers: L, count: Int) {
        see(count == L.count ? numbers : numbers.inPrefix(count, else: L.zero))
    }

    @export(implementation) @inline(always)
    public var isOutside: Bool {
        least.ifAtLeast(L.zero, L.one.ifAtLeast(greatest, L.zero, L.one), L.one).unionOfBits != 0
    }
}

extension Formula {
    /// Whether predictions have to lie in [0, 1]: probabilities that no bound moves there, or that the power of a focal factor
    /// sees as they were given.
    @export(implementation) @inline(always)
    public var checksPredictions: Bool { isProbability && (lower == -.infinity || isFocal && gamma != 0) }
}

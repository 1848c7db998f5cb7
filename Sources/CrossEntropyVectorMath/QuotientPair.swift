// SPDX-License-Identifier: Apache-2.0

/// The gradients of two vectors of sixteen probabilities and their shared divisor; bits whose sign is set if p (1 - p) is
/// negative in either vector, and the larger bits of the targets.
@frozen
public struct QuotientPair<L: Lanes> {
    @usableFromInline let first: L
    @usableFromInline let second: L
    public let divisor: L
    @usableFromInline let variances: L
    @usableFromInline let targets: L

    @export(implementation) @inline(always)
    public init(first: L, second: L, divisor: L, variances: L, targets: L) {
        self.first = first
        self.second = second
        self.divisor = divisor
        self.variances = variances
        self.targets = targets
    }

    @export(implementation) @inline(always)
    public func store(_ base: UnsafeMutableRawPointer, _ index: Int) {
        first.store(base, index, count: L.count)
        second.store(base, index &+ L.count, count: L.count)
    }
}

/// Detects that elements may be outside [0, 1], without a `DomainCheck`, which takes a fifth of the loop. Either the
/// bit pattern of a target is above that of 1, which is also true of NaN and negative zero, or p (1 - p) is negative.
@frozen
public struct QuotientSigns<L: Lanes> {
    @usableFromInline var targets = L.one
    @usableFromInline var variances = L.zero

    @export(implementation) @inline(always) public init() {}

    @export(implementation) @inline(always)
    public mutating func see(_ pair: QuotientPair<L>) {
        targets = targets.largerBits(pair.targets)
        variances = variances | pair.variances
    }

    @export(implementation) @inline(always)
    public var areSuspect: Bool {
        ((targets ^ L.one) | variances.signMovedToLowestBit).unionOfBits != 0
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The coefficients of an element's loss: A of -log p and B of -log(1 - p).
@frozen
public struct Coefficients<L: Lanes> {
    public let positive: L
    public let negative: L
    /// A + B.
    public let total: L

    @export(implementation) @inline(always)
    public init(positive: L, negative: L) {
        self.init(positive: positive, negative: negative, total: positive + negative)
    }

    @export(implementation) @inline(always)
    public init(positive: L, negative: L, total: L) {
        self.positive = positive
        self.negative = negative
        self.total = total
    }

    /// The coefficients of the plain formula: A = t, B = 1 - t and A + B = 1.
    @export(implementation) @inline(always)
    public init(target: L) {
        self.init(positive: target, negative: L.one - target, total: L.one)
    }

    @export(implementation) @inline(always)
    public func scaled(by factor: L) -> Self {
        Self(positive: positive * factor, negative: negative * factor)
    }
}

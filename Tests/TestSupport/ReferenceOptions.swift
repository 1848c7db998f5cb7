// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// The options of a loss as documented for `BinaryCrossEntropy`, prepared for one type of results.
public struct ReferenceOptions: Sendable {
    public let smoothing: Reference
    public let positiveWeight: Reference
    public let gamma: Reference
    public let alpha: Reference?
    public let bounds: ReferenceBounds
    public let gradientRule: BinaryCrossEntropy.ProbabilityGradient

    /// The formula exactly as written.
    public static let plain = ReferenceOptions()

    /// Options of losses that are not bounded.
    public init(
        smoothing: Reference = 0, positiveWeight: Reference = 1, gamma: Reference = 0, alpha: Reference? = nil
    ) {
        (self.smoothing, self.positiveWeight, self.gamma, self.alpha) = (
            smoothing, positiveWeight, gamma, alpha
        )
        (bounds, gradientRule) = (ReferenceBounds(.unclipped, .double), .derivative)
    }

    public init(_ options: BinaryCrossEntropy, _ type: ResultType) {
        smoothing = Reference(options.labelSmoothing)
        positiveWeight = Reference(options.positiveWeight)
        gamma = Reference(options.focal?.gamma ?? 0)
        alpha = options.focal?.alpha.map { Reference($0) }
        bounds = ReferenceBounds(options.clipping, type)
        gradientRule = options.probabilityGradient
    }

    /// The target that the loss uses, and one minus it, each without cancellation:
    ///
    ///     y = t (1 - s) + s / 2,   1 - y = (1 - t) (1 - s) + s / 2
    func labels(_ target: Reference) -> (y: Reference, rest: Reference) {
        let (keep, half) = (1 - smoothing, smoothing / 2)
        return (target * keep + half, (1 - target) * keep + half)
    }

    /// y alpha + (1 - y) (1 - alpha), or 1 if there is no alpha.
    func balance(_ y: Reference, _ rest: Reference) -> Reference {
        guard let alpha else { return 1 }
        return y * alpha + rest * (1 - alpha)
    }
}

/// What `Clipping` does to a probability and its logarithms.
public struct ReferenceBounds: Sendable {
    public private(set) var lower = -Reference.infinity
    public private(set) var upper = Reference.infinity
    public private(set) var added: Reference = 0
    public private(set) var logFloor = -Reference.infinity

    public init(_ clipping: BinaryCrossEntropy.Clipping, _ type: ResultType) {
        switch clipping {
        case .unclipped: break
        case .clipped(let epsilon): clip(epsilon, type)
        case .clippedTwice(let epsilon):
            clip(epsilon, type)
            added = Reference(epsilon)
        case .machineEpsilon: clip(type == .float ? 0x1p-23 : 0x1p-52, type)
        case .logFloor(let floor): logFloor = Reference(floor)
        }
    }

    /// "Moved into [epsilon, 1 - epsilon], computed in the element type."
    private mutating func clip(_ epsilon: Double, _ type: ResultType) {
        switch type {
        case .float: (lower, upper) = (Reference(Float(epsilon)), Reference(1 - Float(epsilon)))
        case .double: (lower, upper) = (Reference(epsilon), Reference(1 - epsilon))
        }
    }

    /// Whether the probability is clipped.
    public func moves(_ p: Reference) -> Bool { p < lower || p > upper }

    /// Whether a bounded logarithm equals its lower bound, rather than its original value.
    public func holds(_ logarithm: Reference) -> Bool { logFloor.isFinite && logarithm == logFloor }

    /// Near 1 computed from the distance to 1, elsewhere from the number itself, so that the addition loses neither to
    /// rounding.
    private func logarithm(of factor: Reference, lessOne: Reference? = nil) -> Reference {
        factor > 0.5 ? log1p((lessOne ?? factor - 1) + added) : log(factor + added)
    }

    /// Whether either logarithm, whether or not it contributes to the loss, differs from that of the probability.
    public func changes(_ p: Reference) -> Bool {
        let (positive, negative) = logarithms(p)
        return moves(p) || holds(positive) || holds(negative)
    }

    /// ln p and ln(1 - p), bounded.
    public func logarithms(_ p: Reference) -> (positive: Reference, negative: Reference) {
        let bounded = min(max(p, lower), upper)
        return (
            max(logarithm(of: bounded), logFloor),
            max(logarithm(of: 1 - bounded, lessOne: -bounded), logFloor)
        )
    }
}

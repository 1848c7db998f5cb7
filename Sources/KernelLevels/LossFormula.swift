// SPDX-License-Identifier: Apache-2.0

internal import CVectorKernels

/// Whether predictions are logits or probabilities.
package enum PredictionDomain: Sendable { case logits, probabilities }

/// Bounds on a probability, what is added to it inside a logarithm, and the least logarithm; infinite ones change
/// nothing.
package struct ProbabilityBounds: Sendable {
    package var lower = -Double.infinity
    package var upper = Double.infinity
    package var added = 0.0
    package var logFloor = -Double.infinity
    /// e^logFloor.
    package var factorFloor = 0.0
    package init() {}
}

/// What the gradient with respect to a probability does near 0 and 1.
package enum GradientRule: Sendable {
    case derivative
    case boundedFactors(Double)
    case boundedProduct(Double)
}

/// Which targets are missing.
package enum MissingRule: Sendable {
    case none, nan
    case value(Double)
}

/// The options of one call, as its kernels take them.
package struct LossFormula: @unchecked Sendable {
    /// Whether the loss is -(y log p + (1 - y) log(1 - p)) with bounds and no more, y = t where it is plain.
    private(set) var isPlainOrSmoothed = true
    package var isPlain: Bool { isPlainOrSmoothed && raw.half_smoothing == 0 }
    package private(set) var domain: PredictionDomain
    var raw: lk_formula

    /// - Parameter bounds: nil for none.
    package init(_ domain: PredictionDomain, bounds: ProbabilityBounds?) {
        self.domain = domain
        let bound = bounds ?? ProbabilityBounds()
        raw = lk_formula()
        raw.is_probability = domain == .probabilities ? 1 : 0
        raw.bounded = bounds == nil ? 0 : 1
        raw.lower = bound.lower
        raw.upper = bound.upper
        raw.added = bound.added
        raw.log_floor = bound.logFloor
        raw.factor_floor = bound.factorFloor
        raw.keep = 1
        raw.weight = 1
        raw.positive_weight = 1
        raw.scale = 1
        if bound.added != 0 { isPlainOrSmoothed = false }
    }

    package static let plainLogits = LossFormula(.logits, bounds: nil)
    package static let plainProbabilities = LossFormula(.probabilities, bounds: nil)

    /// t becomes t (1 - s) + s / 2.
    package mutating func smooth(_ s: Double) {
        raw.keep = 1 - s
        raw.half_smoothing = s / 2
    }

    package mutating func weigh(by weight: Double, positive: Double) {
        raw.weight = weight
        raw.positive_weight = positive
        isPlainOrSmoothed = false
    }

    /// Whether losses have a factor that may be any number.
    package var isWeighted: Bool { raw.weight != 1 || raw.positive_weight != 1 }

    /// The same formula with another weight of all elements.
    package func weighing(timesTwoTo exponent: Int) -> LossFormula {
        var copy = self
        copy.weigh(
            by: raw.weight * Double(sign: .plus, exponent: exponent, significand: 1),
            positive: raw.positive_weight)
        return copy
    }

    package mutating func focus(gamma: Double, alpha: Double?) {
        raw.focal = 1
        raw.gamma = gamma
        raw.alpha_positive = alpha ?? 1
        raw.alpha_negative = alpha.map { 1 - $0 } ?? 1
        isPlainOrSmoothed = false
    }

    package mutating func leaveOut(_ missing: MissingRule) {
        switch missing {
        case .none: return
        case .nan: raw.missing = LK_NAN_MISSING
        case .value(let value):
            raw.missing = LK_VALUE_MISSING
            raw.missing_value = value
        }
        isPlainOrSmoothed = false
    }

    package mutating func derive(_ rule: GradientRule) {
        switch rule {
        case .derivative: raw.gradient_rule = LK_DERIVATIVE
        case .boundedFactors(let floor): (raw.gradient_rule, raw.gradient_floor) = (LK_BOUNDED_FACTORS, floor)
        case .boundedProduct(let floor): (raw.gradient_rule, raw.gradient_floor) = (LK_BOUNDED_PRODUCT, floor)
        }
    }

    var isBounded: Bool { raw.bounded != 0 }

    var evaluation: lk_kernel { domain == .logits ? LK_EVALUATE_LOGITS : LK_EVALUATE_PROBABILITIES }

    package var hasMissing: Bool { raw.missing != LK_NOTHING_MISSING }

    package func isMissing(_ target: Double) -> Bool {
        switch raw.missing {
        case LK_NAN_MISSING: target.isNaN
        case LK_VALUE_MISSING: target == raw.missing_value
        default: false
        }
    }

    /// A factor of derivatives.
    package var scale: Double {
        get { raw.scale }
        set { raw.scale = newValue }
    }

    /// Predictions below and above which count as certain.
    package mutating func saturate(below: Double, above: Double) {
        raw.saturated_below = below
        raw.saturated_above = above
    }
}

// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyKernels

/// Binary cross-entropy of predictions and targets, in nats.
///
///     loss = -(t ln p + (1 - t) ln(1 - p)),   p = probability, or 1 / (1 + e^-x) for a logit x,   0 ln 0 = 0
///
/// ```swift
/// let targets: [Float] = [0, 1, 0, 0]
/// let predictions: [Float] = [0.1, 0.95, 0.2, 0.6]
/// let loss = try BinaryCrossEntropy.exact.loss(probabilities: predictions, targets: targets)  // 0.3240...
/// ```
///
/// With all options, and a weight w for each element (see `LossBatch`):
///
///     y = t (1 - labelSmoothing) + labelSmoothing / 2
///     loss = -w (positiveWeight y ln p + (1 - y) ln(1 - p)) (1 - p_t)^gamma alpha_t
///
/// This value holds the options, which are checked once, when it is created. Any number of threads may use the same
/// value.
public struct BinaryCrossEntropy: Sendable, Equatable {
    /// How losses are reduced to one number, and the divisor of the derivatives.
    public enum Reduction: String, Sendable, CaseIterable {
        /// The sum divided by the number of elements that count, regardless of their weights.
        case mean
        case sum
        /// The sum divided by the sum of the weights.
        case weightedMean = "weighted-mean"
    }

    public private(set) var clipping: Clipping
    public private(set) var reduction: Reduction
    public private(set) var labelSmoothing: Double
    public private(set) var positiveWeight: Double
    public private(set) var focal: Focal?
    public private(set) var missingTargets: MissingTargets
    public private(set) var probabilityGradient: ProbabilityGradient
    public private(set) var threads: ThreadPolicy
    public private(set) var domainChecks: DomainChecks

    /// Whether losses follow the plain formula, apart from `clipping`.
    var hasNoOptions: Bool {
        labelSmoothing == 0 && positiveWeight == 1 && focal == nil && missingTargets == .never
    }

    /// Overrides the best kernel level, for benchmarks and tests.
    package var level: KernelLevel?

    /// - Parameters:
    ///   - clipping: how probabilities are bounded.
    ///   - reduction: how losses are reduced to one number.
    ///   - labelSmoothing: s in [0, 1]: a target t becomes t (1 - s) + s / 2.
    ///   - positiveWeight: the weight of the positive part of each loss (PyTorch: `pos_weight`); at least 0.
    ///   - focal: a focal factor, or nil for none.
    ///   - missingTargets: which targets are treated as missing.
    ///   - probabilityGradient: how the gradient with respect to a probability is computed near 0 and 1.
    ///   - threads: how many threads a call may use; results are bitwise identical for any number.
    ///   - domainChecks: whether targets and probabilities outside [0, 1] are rejected.
    /// - Throws: `CrossEntropyError.invalidOption`, which names the option.
    public init(
        clipping: Clipping = .unclipped, reduction: Reduction = .mean, labelSmoothing: Double = 0,
        positiveWeight: Double = 1, focal: Focal? = nil, missingTargets: MissingTargets = .never,
        probabilityGradient: ProbabilityGradient = .derivative, threads: ThreadPolicy = .automatic,
        domainChecks: DomainChecks = .checked
    ) throws(CrossEntropyError) {
        guard (0...1).contains(labelSmoothing) else {
            throw .invalidOption(
                option: "labelSmoothing", value: labelSmoothing, allowed: "a number in [0, 1]")
        }
        guard positiveWeight >= 0, positiveWeight.isFinite else {
            throw .invalidOption(
                option: "positiveWeight", value: positiveWeight, allowed: "a finite number of at least 0")
        }
        self.init(
            valid: try clipping.checked(), reduction, labelSmoothing, positiveWeight, focal,
            try missingTargets.checked(), try probabilityGradient.checked(), try threads.checked(),
            domainChecks)
    }

    private init(
        valid clipping: Clipping, _ reduction: Reduction = .mean, _ labelSmoothing: Double = 0,
        _ positiveWeight: Double = 1, _ focal: Focal? = nil, _ missingTargets: MissingTargets = .never,
        _ probabilityGradient: ProbabilityGradient = .derivative, _ threads: ThreadPolicy = .automatic,
        _ domainChecks: DomainChecks = .checked
    ) {
        self.clipping = clipping
        self.reduction = reduction
        self.labelSmoothing = labelSmoothing
        self.positiveWeight = positiveWeight
        self.focal = focal
        self.missingTargets = missingTargets
        self.probabilityGradient = probabilityGradient
        self.threads = threads
        self.domainChecks = domainChecks
    }

    /// The plain formula: mean, without clipping.
    public static let exact = BinaryCrossEntropy(valid: .unclipped)
    /// Keras 3 `BinaryCrossentropy`: probabilities clipped with its epsilon of 1e-7, mean.
    public static let keras = BinaryCrossEntropy(valid: .clipped(epsilon: 1e-7))
    /// Keras 2: as Keras 3, but with that epsilon applied twice; mean.
    public static let keras2 = BinaryCrossEntropy(valid: .clippedTwice(epsilon: 1e-7))
    /// PyTorch `BCELoss`: logarithms clamped to at least -100, a gradient whose denominator is at least 1e-12 (a Float
    /// constant, even for Doubles), mean.
    public static let pyTorch: BinaryCrossEntropy = {
        var options = BinaryCrossEntropy(valid: .logFloor(-100))
        options.probabilityGradient = .boundedProduct(epsilon: Double(Float(1e-12)))
        return options
    }()
    /// scikit-learn `log_loss`: probabilities clipped with the machine epsilon of the element type, weighted mean (the
    /// divisor is the sum of the weights).
    public static let scikitLearn = BinaryCrossEntropy(valid: .machineEpsilon, .weightedMean)
}

extension BinaryCrossEntropy {
    /// The same options with some of them replaced; an argument of nil keeps the current value.
    ///
    /// - Throws: `CrossEntropyError.invalidOption`, as for `init`.
    public func with(
        clipping: Clipping? = nil, labelSmoothing: Double? = nil, positiveWeight: Double? = nil,
        focal: Focal? = nil, missingTargets: MissingTargets? = nil,
        probabilityGradient: ProbabilityGradient? = nil, threads: ThreadPolicy? = nil,
        domainChecks: DomainChecks? = nil
    ) throws(CrossEntropyError) -> BinaryCrossEntropy {
        var copy = try BinaryCrossEntropy(
            clipping: clipping ?? self.clipping, reduction: reduction,
            labelSmoothing: labelSmoothing ?? self.labelSmoothing,
            positiveWeight: positiveWeight ?? self.positiveWeight, focal: focal ?? self.focal,
            missingTargets: missingTargets ?? self.missingTargets,
            probabilityGradient: probabilityGradient ?? self.probabilityGradient,
            threads: threads ?? self.threads, domainChecks: domainChecks ?? self.domainChecks)
        copy.level = level
        return copy
    }

    /// The same options without a focal factor.
    public func withoutFocalFactor() -> BinaryCrossEntropy {
        var copy = self
        copy.focal = nil
        return copy
    }

    /// The same options with another reduction.
    public func with(reduction: Reduction) -> BinaryCrossEntropy {
        var copy = self
        copy.reduction = reduction
        return copy
    }

    /// The same options, evaluated at one instruction-set level.
    package func at(level: KernelLevel) -> BinaryCrossEntropy {
        var copy = self
        copy.level = level
        return copy
    }
}

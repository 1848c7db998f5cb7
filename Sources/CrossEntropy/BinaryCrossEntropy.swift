package import KernelLevels

/// Binary cross-entropy of predictions and targets, in nats.
///
///     loss = -(t ln p + (1 - t) ln(1 - p)),   p = probability, or 1 / (1 + e^-x) for a logit x,   0 ln 0 = 0
///
/// ```swift
/// let targets: [Float] = [0, 1, 0, 0]
/// let predictions: [Float] = [0.1, 0.95, 0.2, 0.6]
/// let loss = try BinaryCrossEntropy.exact.loss(probabilities: predictions, targets: targets)  // 0.3239...
/// ```
///
/// A value of options, checked once when it is made; any number of threads may use one.
public struct BinaryCrossEntropy: Sendable, Equatable {
    /// What is done about certain and wrong probabilities. Logits need none of it.
    public enum Clipping: Sendable, Equatable {
        /// A certain and wrong prediction costs infinity.
        case none
        /// The probability is moved into [epsilon, 1 - epsilon], computed in the element type (Keras). 0 < epsilon < 0.5.
        case clipped(epsilon: Double)
        /// Logarithms are at least this (PyTorch: -100). Below 0.
        case logFloor(Double)
    }

    /// How losses become one number.
    public enum Reduction: String, Sendable, CaseIterable {
        /// The sum divided by the number of elements.
        case mean
        case sum
    }

    public let clipping: Clipping
    public private(set) var reduction: Reduction
    public private(set) var threads: ThreadPolicy

    /// For benchmarks and tests: a level other than the best.
    package var level: KernelLevel?

    /// - Throws: `CrossEntropyError.invalidOption` for an epsilon outside (0, 0.5), a floor that is not below 0, or
    ///   fewer than one thread.
    public init(
        clipping: Clipping = .none, reduction: Reduction = .mean, threads: ThreadPolicy = .automatic
    ) throws(CrossEntropyError) {
        switch clipping {
        case .none: break
        case .clipped(let epsilon):
            guard epsilon > 0, epsilon < 0.5 else {
                throw .invalidOption(option: "epsilon", value: epsilon, allowed: "a number in (0, 0.5)")
            }
        case .logFloor(let floor):
            guard floor < 0, floor.isFinite else {
                throw .invalidOption(option: "logFloor", value: floor, allowed: "a finite number below 0")
            }
        }
        self.init(valid: clipping, reduction: reduction, threads: try threads.checked())
    }

    private init(valid clipping: Clipping, reduction: Reduction = .mean, threads: ThreadPolicy = .automatic) {
        self.clipping = clipping
        self.reduction = reduction
        self.threads = threads
    }

    /// The formula as it stands: mean, nothing clipped.
    public static let exact = BinaryCrossEntropy(valid: .none)
    /// Keras 3 `BinaryCrossentropy`: probabilities clipped with its epsilon of 1e-7, mean.
    public static let keras = BinaryCrossEntropy(valid: .clipped(epsilon: 1e-7))
    /// PyTorch `BCELoss`: logarithms of at least -100, mean.
    public static let pyTorch = BinaryCrossEntropy(valid: .logFloor(-100))

    /// The same options with another reduction.
    public func with(reduction: Reduction) -> BinaryCrossEntropy {
        var copy = self
        copy.reduction = reduction
        return copy
    }

    /// The same options with another thread policy.
    public func with(threads: ThreadPolicy) throws(CrossEntropyError) -> BinaryCrossEntropy {
        var copy = self
        copy.threads = try threads.checked()
        return copy
    }

    /// The same options at one instruction-set level.
    package func at(level: KernelLevel) -> BinaryCrossEntropy {
        var copy = self
        copy.level = level
        return copy
    }
}

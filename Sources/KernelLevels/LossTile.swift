internal import CVectorKernels

/// Whether predictions are logits or probabilities.
package enum PredictionDomain: Sendable { case logits, probabilities }

/// The element type of predictions, and how targets are stored.
package enum ScalarKind: Sendable { case float, double }
package enum TargetStorage: Sendable { case float, double, uint8 }

/// Bounds on a probability before its logarithm, and on the logarithm; nil where nothing is bounded.
package struct ProbabilityBounds: Sendable, Equatable {
    package var lower, upper, logFloor: Double
    /// e^logFloor.
    package var factorFloor: Double

    package init(lower: Double, upper: Double, logFloor: Double, factorFloor: Double) {
        self.lower = lower
        self.upper = upper
        self.logFloor = logFloor
        self.factorFloor = factorFloor
    }
}

extension ScalarKind {
    /// Bytes from one element to the next.
    package var stride: Int { self == .float ? 4 : 8 }
}

extension TargetStorage {
    /// Bytes from one target to the next.
    package var stride: Int {
        switch self {
        case .float: 4
        case .double: 8
        case .uint8: 1
        }
    }

    fileprivate var code: lk_targets {
        switch self {
        case .float: LK_TARGETS_FLOAT
        case .double: LK_TARGETS_DOUBLE
        case .uint8: LK_TARGETS_UINT8
        }
    }
}

/// One tile of predictions and targets, ready for the kernels.
package struct LossTile {
    package var domain: PredictionDomain
    package var bounds: ProbabilityBounds?
    private var call: lk_call

    package init(
        domain: PredictionDomain, scalar: ScalarKind, targetStorage: TargetStorage,
        bounds: ProbabilityBounds?,
        predictions: UnsafeRawPointer, targets: UnsafeRawPointer, count: Int
    ) {
        self.domain = domain
        self.bounds = bounds
        call = lk_call(
            kernel: LK_SUM_LOGIT_LOSSES, scalar: scalar == .float ? LK_FLOAT : LK_DOUBLE,
            target_storage: targetStorage.code,
            bounded: bounds == nil ? 0 : 1, predictions: predictions, targets: targets, output: nil,
            count: count, lower: bounds?.lower ?? -.infinity, upper: bounds?.upper ?? .infinity,
            log_floor: bounds?.logFloor ?? -.infinity, factor_floor: bounds?.factorFloor ?? 0)
    }

    /// The sum of the losses: by products, and where a tile is not for products with a logarithm for each element.
    package func sum(level: KernelLevel) -> Double {
        if domain == .logits, call.count < Self.fewLogits { return sumEach(level: level) }
        let byProduct = run(
            domain == .logits ? LK_SUM_LOGIT_LOSSES : LK_SUM_PROBABILITY_LOSSES, level: level)
        return byProduct.isNaN ? sumEach(level: level) : byProduct
    }

    /// Fewer logits than this take a logarithm each, in Double: that costs no more (16 elements: 88 ns both), and the
    /// roundings of the product form in Float, which average out over many, stay away. With one logit 2.41651... and
    /// a soft target they were 1.05e-7 of the loss.
    private static let fewLogits = 64

    /// The same sum with a logarithm for each element, whatever the tile: the row of the benchmark that shows why not.
    package func sumEach(level: KernelLevel) -> Double {
        run(domain == .logits ? LK_SUM_LOGIT_LOSSES_EACH : LK_SUM_PROBABILITY_LOSSES_EACH, level: level)
    }

    /// Writes the loss of each element to `output`, of the predictions' type.
    package func write(into output: UnsafeMutableRawPointer, level: KernelLevel) {
        _ = run(
            domain == .logits ? LK_WRITE_LOGIT_LOSSES : LK_WRITE_PROBABILITY_LOSSES, level: level,
            output: output)
    }

    private func run(
        _ kernel: lk_kernel, level: KernelLevel, output: UnsafeMutableRawPointer? = nil
    ) -> Double {
        var call = call
        call.kernel = kernel
        call.output = output
        return dispatch(&call, level)
    }

    /// Whether one of `count` elements is NaN or not in [lower, upper].
    package static func hasElementOutside(
        _ elements: UnsafeRawPointer, scalar: ScalarKind, count: Int, lower: Double, upper: Double,
        level: KernelLevel
    ) -> Bool {
        let bounds = ProbabilityBounds(lower: lower, upper: upper, logFloor: 0, factorFloor: 0)
        return LossTile(
            domain: .probabilities, scalar: scalar, targetStorage: .uint8, bounds: bounds,
            predictions: elements, targets: elements, count: count
        ).run(LK_FIND_OUTSIDE, level: level) != 0
    }
}

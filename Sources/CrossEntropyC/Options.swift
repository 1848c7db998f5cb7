// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface

extension BinaryCrossEntropy {
    /// The options at an address; null means the plain mean.
    package init(_ pointer: UnsafePointer<ce_options>?) throws {
        guard pointer != nil else {
            self = .exact
            return
        }
        let options = try read(pointer, "options")
        try self.init(
            clipping: options.clippingCase, reduction: Reduction(options.reduction),
            labelSmoothing: options.label_smoothing, positiveWeight: options.positive_weight,
            focal: options.focalFactor, missingTargets: options.missingTargetsCase,
            probabilityGradient: options.probabilityGradientCase, threads: ThreadPolicy(options.threads),
            domainChecks: options.unchecked == 0 ? .checked : .unchecked)
    }
}

extension BinaryCrossEntropy.Reduction {
    init(_ reduction: Int32) throws {
        switch Int(reduction) {
        case CE_MEAN: self = .mean
        case CE_SUM: self = .sum
        case CE_WEIGHTED_MEAN: self = .weightedMean
        default: throw unknown("reduction", reduction, "CE_MEAN, CE_SUM or CE_WEIGHTED_MEAN")
        }
    }

    fileprivate var code: Int32 {
        switch self {
        case .mean: Int32(CE_MEAN)
        case .sum: Int32(CE_SUM)
        case .weightedMean: Int32(CE_WEIGHTED_MEAN)
        }
    }
}

extension BinaryCrossEntropy.ThreadPolicy {
    init(_ threads: Int32) { self = threads == 0 ? .automatic : .atMost(Int(threads)) }
}

private func unknown(_ option: String, _ value: Int32, _ allowed: String) -> CrossEntropyError {
    .invalidOption(option: option, value: Double(value), allowed: allowed)
}

extension ce_options {
    fileprivate var clippingCase: BinaryCrossEntropy.Clipping {
        get throws {
            switch Int(clipping) {
            case CE_UNCLIPPED: .unclipped
            case CE_CLIPPED: .clipped(epsilon: clipping_value)
            case CE_CLIPPED_TWICE: .clippedTwice(epsilon: clipping_value)
            case CE_MACHINE_EPSILON: .machineEpsilon
            case CE_LOG_FLOOR: .logFloor(clipping_value)
            default: throw unknown("clipping", clipping, "CE_UNCLIPPED to CE_LOG_FLOOR")
            }
        }
    }

    fileprivate var focalFactor: BinaryCrossEntropy.Focal? {
        get throws {
            let alpha = focal_alpha == CE_NO_ALPHA ? nil : focal_alpha
            return focal_gamma == 0 && alpha == nil
                ? nil : try BinaryCrossEntropy.Focal(gamma: focal_gamma, alpha: alpha)
        }
    }

    fileprivate var missingTargetsCase: BinaryCrossEntropy.MissingTargets {
        get throws {
            switch Int(missing_targets) {
            case CE_NEVER_MISSING: .never
            case CE_NAN_MISSING: .nan
            case CE_VALUE_MISSING: .value(missing_value)
            default: throw unknown("missing_targets", missing_targets, "CE_NEVER_MISSING to CE_VALUE_MISSING")
            }
        }
    }

    fileprivate var probabilityGradientCase: BinaryCrossEntropy.ProbabilityGradient {
        get throws {
            switch Int(probability_gradient) {
            case CE_DERIVATIVE: .derivative
            case CE_BOUNDED_FACTORS: .boundedFactors(epsilon: gradient_value)
            case CE_BOUNDED_PRODUCT: .boundedProduct(epsilon: gradient_value)
            default:
                throw unknown(
                    "probability_gradient", probability_gradient, "CE_DERIVATIVE to CE_BOUNDED_PRODUCT")
            }
        }
    }

    /// Sets the members in which the programs of `ce_options_of` differ.
    fileprivate mutating func set(_ options: BinaryCrossEntropy) {
        reduction = options.reduction.code
        switch options.clipping {
        case .unclipped: clipping = Int32(CE_UNCLIPPED)
        case .clipped(let epsilon): (clipping, clipping_value) = (Int32(CE_CLIPPED), epsilon)
        case .clippedTwice(let epsilon): (clipping, clipping_value) = (Int32(CE_CLIPPED_TWICE), epsilon)
        case .machineEpsilon: clipping = Int32(CE_MACHINE_EPSILON)
        case .logFloor(let floor): (clipping, clipping_value) = (Int32(CE_LOG_FLOOR), floor)
        }
        if case .boundedProduct(let epsilon) = options.probabilityGradient {
            (probability_gradient, gradient_value) = (Int32(CE_BOUNDED_PRODUCT), epsilon)
        }
    }
}

@c @implementation
public func ce_options_of(_ program: Int32, _ options: UnsafeMutablePointer<ce_options>?) -> ce_status {
    attempt {
        let options = try place(options, "options")
        let source: BinaryCrossEntropy
        switch Int(program) {
        case CE_EXACT: source = .exact
        case CE_KERAS: source = .keras
        case CE_KERAS_2: source = .keras2
        case CE_PYTORCH: source = .pyTorch
        case CE_SCIKIT_LEARN: source = .scikitLearn
        default: throw unknown("program", program, "CE_EXACT to CE_SCIKIT_LEARN")
        }
        var result = ce_options()
        result.size = MemoryLayout<ce_options>.size
        (result.positive_weight, result.focal_alpha) = (1, CE_NO_ALPHA)
        result.set(source)
        options.pointee = result
    }
}

// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy: CustomStringConvertible {
    /// The reduction, then every option that differs from `exact`, for example
    /// `mean, probabilities clipped to [1e-07, 1 - 1e-07]`.
    public var description: String {
        var parts = [reduction == .weightedMean ? "weighted mean" : reduction.rawValue]
        if clipping != .unclipped { parts.append(clipping.description) }
        if labelSmoothing != 0 { parts.append("label smoothing \(labelSmoothing.shortest)") }
        if positiveWeight != 1 { parts.append("positive weight \(positiveWeight.shortest)") }
        if let focal { parts.append(focal.description) }
        if missingTargets != .never { parts.append(missingTargets.description) }
        if probabilityGradient != .derivative { parts.append(probabilityGradient.description) }
        if threads != .automatic { parts.append(threads.description) }
        if domainChecks != .checked { parts.append(domainChecks.description) }
        return parts.joined(separator: ", ")
    }
}

extension BinaryCrossEntropy.Clipping: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unclipped: "probabilities not clipped"
        case .clipped(let epsilon): "probabilities clipped to [\(epsilon.shortest), 1 - \(epsilon.shortest)]"
        case .clippedTwice(let epsilon):
            "probabilities clipped to [\(epsilon.shortest), 1 - \(epsilon.shortest)], which is added inside the logarithms too"
        case .machineEpsilon: "probabilities clipped by the epsilon of their type"
        case .logFloor(let floor): "logarithms of at least \(floor.shortest)"
        }
    }
}

extension BinaryCrossEntropy.Focal: CustomStringConvertible {
    public var description: String {
        "focal gamma \(gamma.shortest)" + (alpha.map { " alpha \($0.shortest)" } ?? "")
    }
}

extension BinaryCrossEntropy.MissingTargets: CustomStringConvertible {
    public var description: String {
        switch self {
        case .never: "no missing targets"
        case .nan: "NaN targets missing"
        case .value(let value): "targets of \(value.shortest) missing"
        }
    }
}

extension BinaryCrossEntropy.ProbabilityGradient: CustomStringConvertible {
    public var description: String {
        switch self {
        case .derivative: "gradient of probabilities as it is"
        case .boundedFactors(let epsilon):
            "gradient of probabilities with factors of at least \(epsilon.shortest)"
        case .boundedProduct(let epsilon):
            "gradient of probabilities with a divisor of at least \(epsilon.shortest)"
        }
    }
}

extension BinaryCrossEntropy.DomainChecks: CustomStringConvertible {
    public var description: String {
        switch self {
        case .checked: "targets and probabilities in [0, 1]"
        case .unchecked: "any targets and probabilities"
        }
    }
}

extension BinaryCrossEntropy.ThreadPolicy: CustomStringConvertible {
    public var description: String {
        switch self {
        case .automatic: "any threads"
        case .serial: "one thread"
        case .atMost(let count): "at most \(count) thread\(count == 1 ? "" : "s")"
        }
    }
}

extension Double {
    /// The shortest decimal form, without ".0" for whole numbers.
    var shortest: String {
        self == rounded() && magnitude < 0x1p53 ? String(Int64(self)) : String(describing: self)
    }

    /// The shortest decimal form of an element. If a Float has exactly this value, it is the form of the Float: 0.1,
    /// not 0.10000000149011612.
    var shortestOfElement: String {
        let float = Float(self)
        return self == rounded() || Double(float) != self ? shortest : String(describing: float)
    }
}

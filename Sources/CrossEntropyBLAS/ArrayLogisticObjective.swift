// SPDX-License-Identifier: Apache-2.0

public import CrossEntropy
internal import CrossEntropyKernels

/// A logistic objective on arrays, the counterpart of `LogisticObjective`, which works on spans. It owns its arrays and
/// may be stored anywhere.
///
/// ```swift
/// let objective = try ArrayLogisticObjective(features: x, columns: 30, targets: t, l2: 1e-3)
/// var (w, g) = ([Double](repeating: 0, count: objective.parameterCount), [Double]())
/// let value = try objective.value(w, gradient: &g)
/// ```
///
/// Output arrays grow if they have too few elements; elements beyond those written are unchanged.
public struct ArrayLogisticObjective<Feature: LossScalar, Target: LossTarget>: Sendable {
    public let features: [Feature]
    public let targets: [Target]
    public let rowWeights: [Feature]?
    public let rows, columns, labels: Int
    /// The number of parameters: labels x columns, plus one intercept per label if there is one.
    public let parameterCount: Int
    private let loss: BinaryCrossEntropy
    private let l2: Double
    private let hasIntercept: Bool
    /// The divisor of sums of losses.
    private let divisor: Double

    /// - Parameters:
    ///   - features: rows x columns finite numbers, row by row.
    ///   - columns: the number of features per row, at least 1.
    ///   - targets: rows x labels numbers in [0, 1], row by row.
    ///   - labels: the number of columns of the targets.
    ///   - rowWeights: one per row.
    ///   - loss: the options of the loss and its reduction. With the sum and an `l2` of 1 / C, this is scikit-learn's
    ///     objective divided by C.
    ///   - l2: the penalty on the coefficients, at least 0; intercepts are not penalized.
    ///   - hasIntercept: whether there is an intercept b.
    /// - Throws: `CrossEntropyError.invalidOption` or `.shapeMismatch`, and as for `LogisticObjective`.
    public init(
        features: [Feature], columns: Int, targets: [Target], labels: Int = 1,
        rowWeights: [Feature]? = nil, loss: BinaryCrossEntropy = .exact, l2: Double = 0,
        hasIntercept: Bool = true
    ) throws(CrossEntropyError) {
        rows = try rowCount(features.count, "features", columns: columns)
        let targetRows = try rowCount(targets.count, "targets", columns: labels)
        (self.features, self.targets, self.rowWeights) = (features, targets, rowWeights)
        (self.columns, self.labels) = (columns, labels)
        let plain = try LogisticObjective(
            features: MatrixView(features.span, rows: rows, columns: columns),
            targets: MatrixView(targets.span, rows: targetRows, columns: labels), loss: loss, l2: l2,
            hasIntercept: hasIntercept)
        divisor =
            if let rowWeights {
                try plain.weighted(byRow: rowWeights.span).problem.divisor
            } else {
                plain.problem.divisor
            }
        parameterCount = plain.parameterCount
        (self.loss, self.l2, self.hasIntercept) = (loss, l2, hasIntercept)
    }

    /// The objective at the given parameters; see `LogisticObjective.value(_:workspace:)`.
    public func value(
        _ parameters: [Double], workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) -> Double {
        try withObjective { objective throws(CrossEntropyError) in
            try objective.value(parameters.span, workspace: workspace)
        }
    }

    /// The objective and its gradient; see `LogisticObjective.value(_:writingGradientInto:workspace:)`.
    public func value(
        _ parameters: [Double], gradient: inout [Double], workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) -> Double {
        try gradient.withRoom(for: parameterCount) { gradient throws(CrossEntropyError) in
            try withObjective { objective throws(CrossEntropyError) in
                try objective.value(parameters.span, writingGradientInto: &gradient, workspace: workspace)
            }
        }
    }

    /// The product of the Hessian and a direction; see
    /// `LogisticObjective.writeHessianProduct(_:direction:into:workspace:)`.
    public func hessianProduct(
        _ parameters: [Double], direction: [Double], into product: inout [Double],
        workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) {
        try product.withRoom(for: parameterCount) { product throws(CrossEntropyError) in
            try withObjective { objective throws(CrossEntropyError) in
                try objective.writeHessianProduct(
                    parameters.span, direction: direction.span, into: &product, workspace: workspace)
            }
        }
    }

    /// The Hessian of one label's parameters, row by row; see
    /// `LogisticObjective.writeHessian(_:label:into:workspace:)`.
    public func hessian(
        _ parameters: [Double], label: Int = 0, into hessian: inout [Double],
        workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) {
        let size = parameterCount / labels
        hessian.makeRoom(for: size * size)
        var output = try MutableMatrixView(hessian.mutableSpan, rows: size, columns: size)
        try withObjective { objective throws(CrossEntropyError) in
            try objective.writeHessian(parameters.span, label: label, into: &output, workspace: workspace)
        }
    }

    /// The logits of all rows; see `LogisticObjective.writeLogits(_:into:workspace:)`.
    public func logits(
        _ parameters: [Double], into logits: inout [Feature], workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) {
        try logits.withRoom(for: rows * labels) { logits throws(CrossEntropyError) in
            try withObjective { objective throws(CrossEntropyError) in
                try objective.writeLogits(parameters.span, into: &logits, workspace: workspace)
            }
        }
    }

    private func withObjective<R>(
        _ body: (borrowing LogisticObjective<Feature>) throws(CrossEntropyError) -> R
    ) throws(CrossEntropyError) -> R {
        var objective = try LogisticObjective(
            checked: MatrixView(features.span, rows: rows, columns: columns),
            MatrixView(targets.span, rows: rows, columns: labels), loss, l2, hasIntercept,
            divisor: divisor)
        guard let rowWeights else { return try body(objective) }
        objective.setWeights(rowWeights.span)
        return try body(objective)
    }
}

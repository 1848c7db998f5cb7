// SPDX-License-Identifier: Apache-2.0

public import CrossEntropy
internal import CrossEntropyKernels

/// The objective of logistic regression: binary cross-entropy of the logits X w + b, and a penalty.
///
///     value(w, b) = reduced loss(X w + b, targets) + l2 / 2 |w|^2
///
/// ```swift
/// let objective = try LogisticObjective(
///     features: MatrixView(x.span, rows: 569, columns: 30), targets: t.span, l2: 1e-3)
/// var gradient = [Double](repeating: 0, count: objective.parameterCount)
/// var span = gradient.mutableSpan
/// let value = try objective.value(w.span, writingGradientInto: &span)
/// ```
///
/// With several labels (columns of targets), losses are reduced over all rows and labels, and the penalties of all
/// labels are added. Parameters are Doubles regardless of the type of the features: for each label its coefficients,
/// then its intercept. Float features are multiplied by coefficients rounded to Float; sums over rows are Doubles.
///
/// Features are read from memory once per call: a tile of rows is multiplied by the coefficients, its losses and
/// residuals are computed, and the residuals are multiplied by the tile while it is in cache. With one label, the
/// products with the coefficients are computed by the library itself and are bitwise identical for any number of
/// threads. With several labels, and for the full Hessian, they are computed by BLAS, which determines the order of
/// sums and the number of its threads.
///
/// It owns no memory, and its lifetime does not exceed that of the spans it is made of.
@safe
public struct LogisticObjective<S: LossScalar>: ~Escapable {
    var problem: LogisticProblem

    /// An objective with one label.
    ///
    /// - Parameters:
    ///   - features: rows x columns finite numbers.
    ///   - targets: one number in [0, 1] per row.
    ///   - loss: the options of the loss and its reduction. With the sum and an `l2` of 1 / C, this is scikit-learn's
    ///     objective divided by C.
    ///   - l2: the penalty on the coefficients, at least 0; intercepts are not penalized.
    ///   - hasIntercept: whether there is an intercept b.
    /// - Throws: `CrossEntropyError.shapeMismatch`, `.matrixTooLarge`, `.invalidOption` or, for a target outside
    ///   [0, 1], `.valueOutOfDomain`.
    @_lifetime(copy features, copy targets)
    public init<T: LossTarget>(
        features: MatrixView<S>, targets: Span<T>, loss: BinaryCrossEntropy = .exact, l2: Double = 0,
        hasIntercept: Bool = true
    ) throws(CrossEntropyError) {
        try self.init(
            features: features, targets: MatrixView(targets, rows: targets.count, columns: 1), loss: loss,
            l2: l2, hasIntercept: hasIntercept)
    }

    /// An objective with several labels, one for each column of `targets`.
    @_lifetime(copy features, copy targets)
    public init<T: LossTarget>(
        features: MatrixView<S>, targets: MatrixView<T>, loss: BinaryCrossEntropy = .exact, l2: Double = 0,
        hasIntercept: Bool = true
    ) throws(CrossEntropyError) {
        problem = unsafe try LogisticProblem(
            features: Matrix(features, "features"), targets: Matrix(targets: targets), loss: loss, l2: l2,
            hasIntercept: hasIntercept)
    }

    /// From arguments that have been checked before, with the divisor that was computed then.
    @_lifetime(copy features, copy targets)
    init<T: LossTarget>(
        checked features: MatrixView<S>, _ targets: MatrixView<T>, _ loss: BinaryCrossEntropy, _ l2: Double,
        _ hasIntercept: Bool, divisor: Double
    ) throws(CrossEntropyError) {
        problem = unsafe try LogisticProblem(
            checked: Matrix(features, "features"), Matrix(targets: targets), loss, l2, hasIntercept,
            divisor: divisor)
    }

    /// The same objective with a weight for each row.
    ///
    /// - Throws: `CrossEntropyError.countMismatch`.
    @_lifetime(copy self, copy weights)
    public func weighted<W: LossScalar>(
        byRow weights: Span<W>
    ) throws(CrossEntropyError) -> LogisticObjective {
        var copy = self
        try unsafe copy.problem.weigh(byRow: Memory(weights))
        return copy
    }

    @_lifetime(self: copy self, copy weights)
    mutating func setWeights<W: LossScalar>(_ weights: Span<W>) {
        unsafe problem.setWeights(Memory(weights))
    }

    public var rows: Int { unsafe problem.features.rows }
    public var columns: Int { unsafe problem.features.columns }
    public var labels: Int { problem.labels }
    /// The number of parameters: labels x columns, plus one intercept per label if there is one.
    public var parameterCount: Int { problem.parameterCount }
}

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropy

extension LogisticObjective {
    /// The number of bytes of workspace that a call needs, except for `writeHessian`.
    public var workspaceByteCount: Int {
        problem.workspaceByteCount
    }

    /// The objective at the given parameters.
    ///
    /// - Parameters:
    ///   - parameters: `parameterCount` numbers: for each label its coefficients, then its intercept.
    ///   - workspace: memory that is kept for the next call.
    /// - Returns: the loss in nats, plus the penalty.
    /// - Throws: `CrossEntropyError.countMismatch`.
    public func value(
        _ parameters: Span<Double>, workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) -> Double {
        try unsafe parameters.withUnsafeBufferPointer { parameters throws(CrossEntropyError) in
            try unsafe problem.value(parameters, workspace ?? BLASWorkspace())
        }
    }

    /// The objective and, in the same pass over the features, its gradient.
    ///
    ///     gradient = X^T residuals / divisor + l2 w,  residual = derivative of a row's loss with respect to its logit
    ///
    /// - Parameters:
    ///   - parameters: `parameterCount` numbers, see `value(_:workspace:)`.
    ///   - gradient: `parameterCount` numbers, overwritten.
    ///   - workspace: memory that is kept for the next call.
    public func value(
        _ parameters: Span<Double>, writingGradientInto gradient: inout MutableSpan<Double>,
        workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) -> Double {
        try unsafe parameters.withUnsafeBufferPointer { parameters throws(CrossEntropyError) in
            try unsafe gradient.withUnsafeMutableBufferPointer { gradient throws(CrossEntropyError) in
                try unsafe problem.value(
                    parameters, writingGradientInto: gradient, workspace ?? BLASWorkspace())
            }
        }
    }

    /// Writes the product of the Hessian and a direction without computing the Hessian, as needed for a
    /// conjugate-gradient step.
    ///
    ///     product = X^T (h X v) / divisor + l2 v,  h = second derivative of a row's loss with respect to its logit
    ///
    /// - Parameters:
    ///   - parameters: the point at which the Hessian is taken.
    ///   - direction: v, `parameterCount` numbers in the order of the parameters.
    ///   - product: `parameterCount` numbers, overwritten.
    ///   - workspace: memory that is kept for the next call.
    public func writeHessianProduct(
        _ parameters: Span<Double>, direction: Span<Double>, into product: inout MutableSpan<Double>,
        workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) {
        try unsafe parameters.withUnsafeBufferPointer { parameters throws(CrossEntropyError) in
            try unsafe direction.withUnsafeBufferPointer { direction throws(CrossEntropyError) in
                try unsafe product.withUnsafeMutableBufferPointer { product throws(CrossEntropyError) in
                    try unsafe problem.writeHessianProduct(
                        parameters, direction, into: product, workspace ?? BLASWorkspace())
                }
            }
        }
    }

    /// Writes the Hessian of one label's parameters, for a Newton step with few columns.
    ///
    ///     Hessian = [X 1]^T diag(h) [X 1] / divisor + l2 (not for the intercept)
    ///
    /// Rows times the square roots of their h are passed to BLAS (syrk), tile by tile. Second derivatives between
    /// different labels are 0. The workspace holds a tile of 256 KiB and the Hessian itself in the type of the
    /// features.
    ///
    /// - Parameters:
    ///   - parameters: `parameterCount` numbers, of all labels.
    ///   - label: the index of the label.
    ///   - hessian: a square matrix with a row and column for each feature and for the intercept, overwritten.
    ///   - workspace: memory that is kept for the next call.
    /// - Throws: `CrossEntropyError.countMismatch` or `.shapeMismatch`; `.invalidOption` for a label that does not
    ///   exist.
    public func writeHessian(
        _ parameters: Span<Double>, label: Int = 0, into hessian: inout MutableMatrixView<Double>,
        workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) {
        let (rows, columns, rowStride) = (hessian.rows, hessian.columns, hessian.rowStride)
        try checkShape(
            "hessian", rows, columns, problem.parametersOfLabel, problem.parametersOfLabel)
        try unsafe parameters.withUnsafeBufferPointer { parameters throws(CrossEntropyError) in
            try unsafe hessian.elements.withUnsafeMutableBufferPointer { output throws(CrossEntropyError) in
                try unsafe problem.writeHessian(
                    parameters, label: label, into: output, rowStride: rowStride,
                    workspace ?? BLASWorkspace())
            }
        }
    }

    /// Writes the logits X w + b of all rows.
    ///
    /// - Parameters:
    ///   - parameters: `parameterCount` numbers.
    ///   - logits: rows x labels numbers, overwritten.
    ///   - workspace: memory that is kept for the next call.
    public func writeLogits(
        _ parameters: Span<Double>, into logits: inout MutableSpan<S>, workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) {
        try unsafe parameters.withUnsafeBufferPointer { parameters throws(CrossEntropyError) in
            try unsafe logits.withUnsafeMutableBytes { logits throws(CrossEntropyError) in
                try unsafe problem.writeLogits(parameters, into: logits, workspace ?? BLASWorkspace())
            }
        }
    }
}

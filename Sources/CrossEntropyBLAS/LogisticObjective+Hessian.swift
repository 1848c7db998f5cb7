// SPDX-License-Identifier: Apache-2.0

public import CrossEntropy
internal import CrossEntropyKernels

extension LogisticObjective {
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
        try check(parameters.count, "parameters")
        guard (0..<labels).contains(label) else {
            throw .invalidOption(
                option: "label", value: Double(label), allowed: "at least 0, below \(labels)")
        }
        let size = problem.parametersOfLabel
        try checkShape("hessian", hessian.rows, hessian.columns, size, size)
        let rowStride = hessian.rowStride
        unsafe parameters.withUnsafeBufferPointer { parameters in
            unsafe hessian.elements.withUnsafeMutableBufferPointer { output in
                let w = unsafe parameters.address + label * size
                let (h, room) = unsafe (output.address, workspace ?? BLASWorkspace())
                isDouble
                    ? unsafe HessianJob<Double>(problem, label, room).run(w, into: h, rowStride)
                    : unsafe HessianJob<Float>(problem, label, room).run(w, into: h, rowStride)
            }
        }
    }
}

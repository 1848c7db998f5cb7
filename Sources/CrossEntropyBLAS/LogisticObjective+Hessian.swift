// SPDX-License-Identifier: Apache-2.0

public import CrossEntropy
internal import CrossEntropyKernels

extension LogisticObjective {
    /// Writes the Hessian of one label's parameters: for a Newton step, where there are few columns.
    ///
    ///     Hessian = [X 1]^T diag(h) [X 1] / divisor + l2 (not for the intercept)
    ///
    /// Rows times the square roots of their h go to BLAS (syrk), tile by tile; between labels there are no second
    /// derivatives. Takes room for a tile of 256 KiB and, in the features' type, the Hessian itself.
    ///
    /// - Parameters:
    ///   - parameters: `parameterCount` numbers, of all labels.
    ///   - label: of several.
    ///   - hessian: a square matrix of columns and the intercept, overwritten.
    ///   - workspace: room that is kept for the next call.
    /// - Throws: `CrossEntropyError.countMismatch` or `.shapeMismatch`; `.invalidOption` for a label that is not there.
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

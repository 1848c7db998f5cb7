// SPDX-License-Identifier: Apache-2.0

public import CrossEntropy
internal import CrossEntropyKernels

extension LogisticObjective {
    /// The number of bytes of workspace that a call needs, except for `writeHessian`.
    public var workspaceByteCount: Int {
        isDouble
            ? LogisticPlan(problem, Double.self).layout.byteCount
            : LogisticPlan(problem, Float.self).layout.byteCount
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
        try check(parameters.count, "parameters")
        let sum = unsafe parameters.withUnsafeBufferPointer { parameters in
            let (w, room) = unsafe (parameters.address, workspace ?? BLASWorkspace())
            return isDouble
                ? unsafe LogisticJob<Double>(problem, room).value(w)
                : unsafe LogisticJob<Float>(problem, room).value(w)
        }
        return sum / problem.divisor + problem.penalty(parameters)
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
        try check(parameters.count, "parameters")
        try check(gradient.count, "gradient")
        let sum = unsafe parameters.withUnsafeBufferPointer { parameters in
            unsafe gradient.withUnsafeMutableBufferPointer { gradient in
                let (w, room) = unsafe (parameters.address, workspace ?? BLASWorkspace())
                let g = unsafe gradient.address
                return isDouble
                    ? unsafe LogisticJob<Double>(problem, room).value(w, gradient: g)
                    : unsafe LogisticJob<Float>(problem, room).value(w, gradient: g)
            }
        }
        addPenalty(of: parameters, to: &gradient)
        return sum / problem.divisor + problem.penalty(parameters)
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
        try check(parameters.count, "parameters")
        try check(direction.count, "direction")
        try check(product.count, "product")
        unsafe parameters.withUnsafeBufferPointer { parameters in
            unsafe direction.withUnsafeBufferPointer { direction in
                unsafe product.withUnsafeMutableBufferPointer { product in
                    let (w, v) = unsafe (parameters.address, direction.address)
                    let (p, room) = unsafe (product.address, workspace ?? BLASWorkspace())
                    isDouble
                        ? unsafe LogisticJob<Double>(problem, room).hessianProduct(w, v, into: p)
                        : unsafe LogisticJob<Float>(problem, room).hessianProduct(w, v, into: p)
                }
            }
        }
        addPenalty(of: direction, to: &product)
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
        try check(parameters.count, "parameters")
        try checkCount(logits.count, "logits", rows * labels)
        unsafe parameters.withUnsafeBufferPointer { parameters in
            unsafe logits.withUnsafeMutableBytes { logits in
                let (w, room) = unsafe (parameters.address, workspace ?? BLASWorkspace())
                guard let base = logits.baseAddress else { return }
                isDouble
                    ? unsafe LogisticJob<Double>(problem, room).logits(w, into: base.numbers(0, Double.self))
                    : unsafe LogisticJob<Float>(problem, room).logits(w, into: base.numbers(0, Float.self))
            }
        }
    }

    var isDouble: Bool { MemoryLayout<S>.stride == MemoryLayout<Double>.stride }

    func check(_ count: Int, _ argument: String) throws(CrossEntropyError) {
        try checkCount(count, argument, parameterCount)
    }

    /// Divides sums over rows, and adds the contribution of the penalty.
    private func addPenalty(of parameters: Span<Double>, to sums: inout MutableSpan<Double>) {
        for index in 0..<parameterCount {
            let isIntercept = index % problem.parametersOfLabel == columns
            sums[index] = sums[index] / problem.divisor + (isIntercept ? 0 : problem.l2 * parameters[index])
        }
    }
}

extension UnsafeBufferPointer {
    /// The placeholder for an empty buffer is never read.
    var address: UnsafePointer<Element> {
        unsafe baseAddress ?? UnsafePointer(bitPattern: BLASWorkspace.alignment)!
    }
}

extension UnsafeMutableBufferPointer {
    var address: UnsafeMutablePointer<Element> {
        unsafe baseAddress ?? UnsafeMutablePointer(bitPattern: BLASWorkspace.alignment)!
    }
}

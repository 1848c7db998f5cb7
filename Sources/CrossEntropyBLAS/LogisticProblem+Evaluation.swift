// SPDX-License-Identifier: Apache-2.0

package import CrossEntropy
internal import CrossEntropyKernels

/// The calls of `LogisticObjective`, on memory that the caller must keep alive.
extension LogisticProblem {
    var workspaceByteCount: Int {
        isDouble
            ? LogisticPlan(self, Double.self).layout.byteCount
            : LogisticPlan(self, Float.self).layout.byteCount
    }

    /// The objective at the given parameters.
    package func value(
        _ parameters: UnsafeBufferPointer<Double>, _ room: BLASWorkspace
    ) throws(CrossEntropyError) -> Double {
        try check(parameters.count, "parameters")
        let w = unsafe parameters.address
        let sum =
            isDouble
            ? unsafe LogisticJob<Double>(self, room).value(w) : unsafe LogisticJob<Float>(self, room).value(w)
        return unsafe sum / divisor + penalty(parameters)
    }

    /// The objective and its gradient.
    package func value(
        _ parameters: UnsafeBufferPointer<Double>,
        writingGradientInto gradient: UnsafeMutableBufferPointer<Double>, _ room: BLASWorkspace
    ) throws(CrossEntropyError) -> Double {
        try check(parameters.count, "parameters")
        try check(gradient.count, "gradient")
        let (w, g) = unsafe (parameters.address, gradient.address)
        let sum =
            isDouble
            ? unsafe LogisticJob<Double>(self, room).value(w, gradient: g)
            : unsafe LogisticJob<Float>(self, room).value(w, gradient: g)
        unsafe addPenalty(of: parameters, to: gradient)
        return unsafe sum / divisor + penalty(parameters)
    }

    /// Writes the product of the Hessian at the given parameters and a direction.
    package func writeHessianProduct(
        _ parameters: UnsafeBufferPointer<Double>, _ direction: UnsafeBufferPointer<Double>,
        into product: UnsafeMutableBufferPointer<Double>, _ room: BLASWorkspace
    ) throws(CrossEntropyError) {
        try check(parameters.count, "parameters")
        try check(direction.count, "direction")
        try check(product.count, "product")
        let (w, v, p) = unsafe (parameters.address, direction.address, product.address)
        isDouble
            ? unsafe LogisticJob<Double>(self, room).hessianProduct(w, v, into: p)
            : unsafe LogisticJob<Float>(self, room).hessianProduct(w, v, into: p)
        unsafe addPenalty(of: direction, to: product)
    }

    /// Writes the Hessian of one label: a square matrix with `parametersOfLabel` rows.
    package func writeHessian(
        _ parameters: UnsafeBufferPointer<Double>, label: Int,
        into hessian: UnsafeMutableBufferPointer<Double>, rowStride: Int, _ room: BLASWorkspace
    ) throws(CrossEntropyError) {
        try check(parameters.count, "parameters")
        guard (0..<labels).contains(label) else {
            throw .invalidOption(
                option: "label", value: Double(label), allowed: "at least 0, below \(labels)")
        }
        let (w, h) = unsafe (parameters.address + label * parametersOfLabel, hessian.address)
        isDouble
            ? unsafe HessianJob<Double>(self, label, room).run(w, into: h, rowStride)
            : unsafe HessianJob<Float>(self, label, room).run(w, into: h, rowStride)
    }

    /// Writes the logits of all rows, in the type of the features.
    package func writeLogits(
        _ parameters: UnsafeBufferPointer<Double>, into logits: UnsafeMutableRawBufferPointer,
        _ room: BLASWorkspace
    ) throws(CrossEntropyError) {
        try check(parameters.count, "parameters")
        let bytes = unsafe features.dtype.bytes(1)
        try unsafe checkCount(logits.count / bytes, "logits", features.rows * labels)
        guard let base = logits.baseAddress else { return }
        let w = unsafe parameters.address
        isDouble
            ? unsafe LogisticJob<Double>(self, room).logits(w, into: base.numbers(0, Double.self))
            : unsafe LogisticJob<Float>(self, room).logits(w, into: base.numbers(0, Float.self))
    }

    private var isDouble: Bool { unsafe features.dtype == .double }

    private func check(_ count: Int, _ argument: String) throws(CrossEntropyError) {
        try checkCount(count, argument, parameterCount)
    }

    /// Half of `l2` times the sum of the squares of the coefficients.
    private func penalty(_ parameters: UnsafeBufferPointer<Double>) -> Double {
        var squares = 0.0
        for label in 0..<labels {
            for column in 0..<columns {
                let coefficient = unsafe parameters[label * parametersOfLabel + column]
                squares += coefficient * coefficient
            }
        }
        return l2 / 2 * squares
    }

    /// Divides sums over rows, and adds the contribution of the penalty.
    private func addPenalty(
        of parameters: UnsafeBufferPointer<Double>, to sums: UnsafeMutableBufferPointer<Double>
    ) {
        for index in 0..<parameterCount {
            let isIntercept = index % parametersOfLabel == columns
            unsafe sums[index] = sums[index] / divisor + (isIntercept ? 0 : l2 * parameters[index])
        }
    }
}

extension UnsafeBufferPointer {
    /// The placeholder for an empty buffer is never read.
    fileprivate var address: UnsafePointer<Element> {
        unsafe baseAddress ?? UnsafePointer(bitPattern: BLASWorkspace.alignment)!
    }
}

extension UnsafeMutableBufferPointer {
    fileprivate var address: UnsafeMutablePointer<Element> {
        unsafe baseAddress ?? UnsafeMutablePointer(bitPattern: BLASWorkspace.alignment)!
    }
}

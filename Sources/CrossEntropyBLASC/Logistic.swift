// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyBLAS
import CrossEntropyBLASCInterface
import CrossEntropyC
import CrossEntropyKernels

/// An objective with the working memory of its calls. Threads may share it: the caller does not change the arrays of
/// the problem, and the lock of the `Object` ensures that only one call at a time uses the workspace.
private struct Logistic: @unchecked Sendable {
    let problem: LogisticProblem
    let workspace = BLASWorkspace()

    /// Checks the parameters, and runs a call on an objective while it is locked.
    static func run(
        _ objective: OpaquePointer?, _ parameters: UnsafePointer<Double>?, _ count: Int64,
        _ call: (Logistic, UnsafeBufferPointer<Double>) throws -> Void
    ) -> ce_status {
        attempt {
            try Object<Logistic>.at(objective, "objective").change { logistic in
                try checkCount(Int(count), "parameters", logistic.problem.parameterCount)
                try call(logistic, logistic.vector(parameters, "parameters"))
            }
        }
    }

    /// An array of doubles with as many elements as there are parameters.
    func vector(
        _ pointer: UnsafePointer<Double>?, _ argument: String
    ) throws -> UnsafeBufferPointer<Double> {
        let count = problem.parameterCount
        try check(pointer, argument, count: count, alignment: MemoryLayout<Double>.alignment)
        return UnsafeBufferPointer(start: pointer, count: count)
    }

    func output(
        _ pointer: UnsafeMutablePointer<Double>?, _ argument: String
    ) throws -> UnsafeMutableBufferPointer<Double> {
        try UnsafeMutableBufferPointer(mutating: vector(pointer, argument))
    }
}

@c @implementation
public func ce_logistic_create(
    _ options: UnsafePointer<ce_options>?, _ features: UnsafePointer<ce_matrix>?,
    _ targets: UnsafePointer<ce_matrix>?, _ rowWeights: UnsafePointer<ce_array>?, _ l2: Double,
    _ hasIntercept: Int32, _ objective: UnsafeMutablePointer<OpaquePointer?>?
) -> ce_status {
    attempt {
        let x = try Matrix(features, .operands, "features")
        var problem = try LogisticProblem(
            features: x, targets: Matrix(targets, .targets, "targets"), loss: BinaryCrossEntropy(options),
            l2: l2, hasIntercept: hasIntercept != 0)
        try check(rowWeights, "row_weights", count: 0, alignment: MemoryLayout<ce_array>.alignment)
        if let weights = rowWeights?.pointee, !weights.isNone {
            try problem.weigh(byRow: Memory(weights, .weights, "row_weights", count: x.rows))
        }
        try Object.create(Logistic(problem: problem), objective, "objective")
    }
}

@c @implementation
public func ce_logistic_destroy(_ objective: OpaquePointer?) { Object<Logistic>.destroy(objective) }

@c @implementation
public func ce_logistic_parameter_count(
    _ objective: OpaquePointer?, _ count: UnsafeMutablePointer<Int64>?
) -> ce_status {
    attempt {
        let count = try output(count, "count")
        try Object<Logistic>.at(objective, "objective").change {
            count.pointee = Int64($0.problem.parameterCount)
        }
    }
}

@c @implementation
public func ce_logistic_loss(
    _ objective: OpaquePointer?, _ parameters: UnsafePointer<Double>?, _ count: Int64,
    _ gradient: UnsafeMutablePointer<Double>?, _ loss: UnsafeMutablePointer<Double>?
) -> ce_status {
    Logistic.run(objective, parameters, count) { logistic, parameters in
        let (problem, room) = (logistic.problem, logistic.workspace)
        let loss = try output(loss, "loss")
        if gradient == nil {
            loss.pointee = try problem.value(parameters, room)
        } else {
            loss.pointee = try problem.value(
                parameters, writingGradientInto: logistic.output(gradient, "gradient"), room)
        }
    }
}

@c @implementation
public func ce_logistic_hessian_product(
    _ objective: OpaquePointer?, _ parameters: UnsafePointer<Double>?, _ count: Int64,
    _ direction: UnsafePointer<Double>?, _ product: UnsafeMutablePointer<Double>?
) -> ce_status {
    Logistic.run(objective, parameters, count) { logistic, parameters in
        try logistic.problem.writeHessianProduct(
            parameters, logistic.vector(direction, "direction"), into: logistic.output(product, "product"),
            logistic.workspace)
    }
}

@c @implementation
public func ce_logistic_hessian(
    _ objective: OpaquePointer?, _ parameters: UnsafePointer<Double>?, _ count: Int64, _ label: Int64,
    _ hessian: UnsafeMutablePointer<Double>?, _ stride: Int64, _ room: Int64
) -> ce_status {
    Logistic.run(objective, parameters, count) { logistic, parameters in
        let size = logistic.problem.parametersOfLabel
        let output = try ResultMatrix(
            hessian, "hessian", rows: size, columns: size, stride: stride, room: room,
            bytes: MemoryLayout<Double>.size)
        try logistic.problem.writeHessian(
            parameters, label: Int(label),
            into: UnsafeMutableBufferPointer(start: hessian, count: output.count),
            rowStride: output.rowStride, logistic.workspace)
    }
}

@c @implementation
public func ce_logistic_logits(
    _ objective: OpaquePointer?, _ parameters: UnsafePointer<Double>?, _ count: Int64,
    _ logits: UnsafeMutableRawPointer?, _ room: Int64
) -> ce_status {
    Logistic.run(objective, parameters, count) { logistic, parameters in
        let features = logistic.problem.features
        let bytes = features.dtype.bytes(1)
        let output = try ResultMatrix(
            logits, "logits", rows: features.rows, columns: logistic.problem.labels, stride: 0, room: room,
            bytes: bytes)
        try logistic.problem.writeLogits(
            parameters,
            into: UnsafeMutableRawBufferPointer(start: logits, count: output.count * bytes),
            logistic.workspace)
    }
}

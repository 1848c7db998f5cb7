// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyBLAS

/// What an optimizer asks of an objective.
struct Evaluation {
    var value: Double
    var gradient: [Double]

    /// The largest slope along any parameter.
    var slope: Double { gradient.reduce(0) { max($0, abs($1)) } }
}

extension LogisticObjective {
    func evaluation(_ parameters: [Double], _ workspace: BLASWorkspace) throws -> Evaluation {
        var gradient = [Double](repeating: 0, count: parameterCount)
        var span = gradient.mutableSpan
        let value = try value(parameters.span, writingGradientInto: &span, workspace: workspace)
        return Evaluation(value: value, gradient: gradient)
    }

    /// Goes along `direction` by 1, 1/2, 1/4, ... until the value falls by a ten-thousandth of what the slope promises
    /// (Armijo 1966); nil where rounding hides any fall.
    func lineSearch(
        from parameters: [Double], _ here: Evaluation, along direction: [Double], _ workspace: BLASWorkspace,
        _ passes: inout Int
    ) throws -> (parameters: [Double], Evaluation)? {
        let slope = dot(here.gradient, direction)
        var step = 1.0
        while step > 1e-10 {
            let there = zip(parameters, direction).map { $0 + step * $1 }
            let evaluation = try evaluation(there, workspace)
            passes += 1
            if evaluation.value <= here.value + 1e-4 * step * slope { return (there, evaluation) }
            step /= 2
        }
        return nil
    }
}

/// Newton's method: each step solves Hessian x direction = -gradient.
struct Newton {
    mutating func direction<S>(
        _ objective: borrowing LogisticObjective<S>, _ parameters: [Double], _ here: Evaluation,
        _ workspace: BLASWorkspace
    ) throws -> [Double] {
        let count = parameters.count
        var hessian = [Double](repeating: 0, count: count * count)
        var output = try MutableMatrixView(hessian.mutableSpan, rows: count, columns: count)
        try objective.writeHessian(parameters.span, into: &output, workspace: workspace)
        return try solve(hessian, here.gradient).map { -$0 }
    }

    /// Solves a x = b for a positive definite a, by its Cholesky factor.
    private func solve(_ a: [Double], _ b: [Double]) throws -> [Double] {
        let n = b.count
        var l = a
        for j in 0..<n {
            for k in 0..<j { for i in j..<n { l[i * n + j] -= l[i * n + k] * l[j * n + k] } }
            guard l[j * n + j] > 0 else {
                throw Failure("the Hessian is not positive definite: use a penalty")
            }
            let root = l[j * n + j].squareRoot()
            for i in j..<n { l[i * n + j] /= root }
        }
        var x = b
        for i in 0..<n {
            for k in 0..<i { x[i] -= l[i * n + k] * x[k] }
            x[i] /= l[i * n + i]
        }
        for i in (0..<n).reversed() {
            for k in i + 1..<n { x[i] -= l[k * n + i] * x[k] }
            x[i] /= l[i * n + i]
        }
        return x
    }
}

/// Limited-memory BFGS (Nocedal 1980): the product of an approximate inverse Hessian and the gradient, from the last ten
/// steps and the changes of the gradient along them.
struct LBFGS {
    private var steps: [(s: [Double], y: [Double], rho: Double)] = []

    mutating func learn(from: [Double], _ before: Evaluation, to: [Double], _ after: Evaluation) {
        let s = zip(to, from).map { $0 - $1 }
        let y = zip(after.gradient, before.gradient).map { $0 - $1 }
        let curvature = dot(s, y)
        // Without curvature the approximation would lose its sign.
        guard curvature > 1e-16 * dot(y, y) else { return }
        steps.append((s, y, 1 / curvature))
        if steps.count > 10 { steps.removeFirst() }
    }

    func direction(_ here: Evaluation) -> [Double] {
        var direction = here.gradient.map { -$0 }
        var factors: [Double] = []
        for (s, y, rho) in steps.reversed() {
            factors.append(rho * dot(s, direction))
            direction = zip(direction, y).map { $0 - factors.last! * $1 }
        }
        if let (_, y, rho) = steps.last { direction = direction.map { $0 / (rho * dot(y, y)) } }
        for ((s, y, rho), factor) in zip(steps, factors.reversed()) {
            let correction = factor - rho * dot(y, direction)
            direction = zip(direction, s).map { $0 + correction * $1 }
        }
        return direction
    }
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyBLAS

enum Method: String, CaseIterable { case newton = "Newton", lbfgs = "L-BFGS" }

/// One training: a value of the objective for each step, and the parameters at the end.
struct Training {
    let method: Method
    var values: [Double] = []
    var parameters: [Double]
    var seconds = 0.0
    /// Evaluations of value and gradient.
    var passes = 1
    /// At the end.
    var slope = 0.0

    /// - Parameter tolerance: of the largest slope, where training ends.
    init<S>(
        _ method: Method, _ objective: borrowing LogisticObjective<S>, tolerance: Double,
        maximum: Int = 200, isQuiet: Bool = false
    ) throws {
        self.method = method
        let clock = ContinuousClock()
        let start = clock.now
        let workspace = BLASWorkspace()
        parameters = [Double](repeating: 0, count: objective.parameterCount)
        var (newton, lbfgs) = (Newton(), LBFGS())
        var here = try objective.evaluation(parameters, workspace)
        values.append(here.value)
        if !isQuiet { report(here) }
        while here.slope > tolerance, values.count <= maximum {
            let direction =
                method == .newton
                ? try newton.direction(objective, parameters, here, workspace) : lbfgs.direction(here)
            guard
                let (next, there) = try objective.lineSearch(
                    from: parameters, here, along: direction, workspace, &passes)
            else { break }
            lbfgs.learn(from: parameters, here, to: next, there)
            (parameters, here) = (next, there)
            values.append(here.value)
            if !isQuiet { report(here) }
        }
        slope = here.slope
        seconds = (clock.now - start) / .seconds(1)
    }

    private func report(_ here: Evaluation) {
        print(
            "    step \(padded(values.count - 1, 3))   objective \(fixed(here.value, 9))   slope \(here.slope)"
        )
    }
}

func padded(_ number: Int, _ width: Int) -> String {
    let text = "\(number)"
    return String(repeating: " ", count: max(0, width - text.count)) + text
}

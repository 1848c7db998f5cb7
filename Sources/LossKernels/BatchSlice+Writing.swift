// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels
internal import VectorMath

extension BatchSlice {
    /// Writes losses, or derivatives times the formula's scale.
    package func write(_ outputs: Outputs, _ formula: Formula, _ level: KernelLevel) {
        if isPlainInPlace(outputs, formula),
            withUnsafePointer(to: formula, { writeInPlace(outputs, $0, level) })
        {
            return
        }
        var evaluation = evaluation(outputs, formula, level)
        evaluation.run()
    }

    /// Writes derivatives, and returns the sums from the same pass where the kernel has them.
    package func sumsWriting(_ outputs: Outputs, _ formula: Formula, _ level: KernelLevel) -> SliceSums {
        if isPlainInPlace(outputs, formula) {
            // Written over, predictions are gone where the sum must come from another kernel. Sums of few elements are
            // computed in Double.
            if formula.isProbability || outputs.areOver(self) || count < Tuning.fewElements {
                let sums = sums(formula, level)
                write(outputs, formula, level)
                return sums
            }
            let loss = withUnsafePointer(to: formula) {
                operandsInPlace($0, level).differentiateLogits(outputs)
            }
            let count = Double(self.count)
            return SliceSums(loss, count: count, weight: count, result) ?? sums(formula, level)
        }
        var evaluation = evaluation(outputs, formula, level)
        guard evaluation.route == .plain, formula.isProbability || count < Tuning.fewElements else {
            evaluation.run()
            return evaluation.sums
        }
        let sums = sums(formula, level)
        evaluation.run()
        return sums
    }

    /// Whether kernels read plain arguments and write where they lie, whatever their number.
    private func isPlainInPlace(_ outputs: Outputs, _ formula: Formula) -> Bool {
        let fits = outputs.gradient == nil || formula.scaleFitsFloat || predictions.dtype == .double
        return fits && isOfOneType && Route(formula, self, writes: true) == .plain
    }

    /// False where a number is infinite or NaN that need not be.
    private func writeInPlace(
        _ outputs: Outputs, _ formula: UnsafePointer<Formula>, _ level: KernelLevel
    ) -> Bool {
        let operands = operandsInPlace(formula, level)
        if let losses = outputs.losses {
            operands.writePlainLosses(losses)
            return true
        }
        if formula.pointee.isProbability { return operands.writeGradientOfProbabilities(outputs.gradient!) }
        _ = operands.differentiateLogits(outputs)
        return true
    }

    /// The sums of a report.
    package func moments(_ formula: Formula, _ level: KernelLevel) -> (SliceSums, Moments) {
        let route = Route(formula, self, writes: true)
        var evaluation = SliceEvaluation(
            self, formula, level, route, Outputs(), Wish(moments: true, weight: true))
        evaluation.run()
        return (evaluation.sums, evaluation.moments)
    }

    private func evaluation(_ outputs: Outputs, _ formula: Formula, _ level: KernelLevel) -> SliceEvaluation {
        var route = Route(formula, self, writes: true)
        // A factor of derivatives beyond the range of Float.
        if outputs.gradient != nil, !formula.scaleFitsFloat, predictions.dtype != .double { route = .exact }
        return SliceEvaluation(self, formula, level, route, outputs, Wish())
    }
}

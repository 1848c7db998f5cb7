// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

extension BatchSlice {
    /// Writes losses, or derivatives times the formula's scale. Returns whether an element that counts may be outside
    /// its domain.
    @discardableResult
    package func write(
        _ outputs: Outputs, _ formula: UnsafePointer<Formula>, _ level: KernelLevel
    ) -> Bool {
        write(outputs, formula, level, route(outputs, formula))
    }

    @discardableResult @inline(always)
    private func write(
        _ outputs: Outputs, _ formula: UnsafePointer<Formula>, _ level: KernelLevel, _ route: Route
    ) -> Bool {
        writeInPlace(outputs, formula, level, route)
            ?? evaluated(route, outputs, Wish(), formula, level).mayBeOutside
    }

    /// Writes plain losses or derivatives, however many there are. Returns nil if something has to be staged, or if a
    /// gradient is not finite. Results are bitwise identical to those of tiles that are written one by one. (The sum of
    /// the losses may overflow in the kernel, but it is not used.)
    package func writePlain(
        _ outputs: Outputs, _ formula: UnsafePointer<Formula>, _ level: KernelLevel
    ) -> Bool? {
        writeInPlace(outputs, formula, level, route(outputs, formula))
    }

    /// Writes derivatives, and returns the sums, from the same pass if the kernel computes them.
    package func sumsWriting(
        _ outputs: Outputs, _ formula: UnsafePointer<Formula>, _ level: KernelLevel
    ) -> SliceSums {
        let route = route(outputs, formula)
        let isInPlace = isPlainInPlace(route)
        // The sum of probabilities has a kernel of its own. A gradient that overwrites logits would take them from another
        // kernel that may have to compute the sum.
        let isApart = formula.pointee.isProbability || isInPlace && outputs.areOver(self)
        if route == .plain, isApart {
            let sums = plainSums(formula, level) ?? sumsAfterPlain(formula, level)
            write(outputs, formula, level, route)
            return sums
        }
        guard isInPlace else { return evaluated(route, outputs, Wish(), formula, level) }
        return operandsInPlace(formula, level).differentiated(outputs) ?? sumsAfterPlain(formula, level)
    }

    /// The route for the outputs.
    @inline(always)
    private func route(_ outputs: Outputs, _ formula: UnsafePointer<Formula>) -> Route {
        // The scale of the derivatives is outside the range of Float.
        let needsDouble =
            outputs.gradient != nil && !formula.pointee.scaleFitsFloat && predictions.dtype != .double
        return needsDouble ? .exact : Route(formula, self, outputs)
    }

    /// Whether kernels read plain arguments and write outputs in place, whatever the number of elements.
    private func isPlainInPlace(_ route: Route) -> Bool { route == .plain && isOfOneType }

    /// Nil if another kernel may give a finite result where this one does not, or if this route needs something staged.
    @inline(always)
    private func writeInPlace(
        _ outputs: Outputs, _ formula: UnsafePointer<Formula>, _ level: KernelLevel, _ route: Route
    ) -> Bool? {
        guard isPlainInPlace(route) else { return nil }
        let operands = operandsInPlace(formula, level)
        if let losses = outputs.losses { return operands.writePlainLosses(losses).mayBeOutside }
        return formula.pointee.isProbability
            ? operands.writeGradientOfProbabilities(outputs.gradient!)?.mayBeOutside
            : operands.differentiateLogits(outputs).may_be_outside
    }

    /// The sums for a report.
    package func moments(
        _ formula: UnsafePointer<Formula>, _ level: KernelLevel
    ) -> (SliceSums, Moments) {
        let route = Route(formula, self, wantsMoments: true)
        var evaluation = SliceEvaluation(
            self, formula, level, route, Outputs(), Wish(moments: true, weight: true))
        evaluation.run()
        return (evaluation.sums, evaluation.moments)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

extension Operands {
    /// The sums by the kernel of a route, which also writes what is asked for; nil where that kernel has no answer.
    func answer(of route: Route, _ places: Outputs, _ wish: Wish) -> SliceSums? {
        switch route {
        case .plain where wish.moments: return nil
        case .plain where places.losses != nil:
            writePlainLosses(places.losses!)
            return SliceSums()
        case .plain where places.gradient != nil: return differentiated(places)
        case .plain: return formula.pointee.isProbability ? likelihoodProduct() : logitProduct()
        case .counted, .smoothed, .labeled: return countedProduct(route)
        case .soft: return softProduct()
        case .weighted: return weighted(places, wish)
        case .focal: return focal(places, wish)
        case .exact: return nil
        }
    }
}

extension BatchSlice {
    /// The same of a whole slice, with everything where it lies. Nil also where something has to be staged.
    func answerInPlace(
        of route: Route, _ outputs: Outputs, _ wish: Wish, _ formula: Formula, _ level: KernelLevel
    ) -> SliceSums? {
        let type = lanes(of: route)
        let writesInPlace = outputs.isEmpty || type == result && !outputs.areOver(self)
        guard isInPlace(type), writesInPlace, !wish.moments else { return nil }
        return withUnsafePointer(to: formula) {
            operandsInPlace($0, level).answer(of: route, outputs, wish)
        }
    }

    /// The type in which kernels of a route compute.
    func lanes(of route: Route) -> DType { needsDouble || route == .exact ? .double : .float }
}

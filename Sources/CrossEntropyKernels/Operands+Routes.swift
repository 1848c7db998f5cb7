// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

extension Operands {
    /// The sums from the kernel of a route or, if it cannot compute them, from the kernel of the next route. Nil if
    /// only `exact` can.
    func answer(from route: Route, _ places: Outputs, _ wish: Wish) -> SliceSums? {
        if let sums = answer(of: route, places, wish) { return sums }
        return route.next(formula).flatMap { answer(of: $0, places, wish) }
    }

    /// The sums from the kernel of a route, which also writes the requested outputs. Nil if that kernel cannot compute
    /// them.
    private func answer(of route: Route, _ places: Outputs, _ wish: Wish) -> SliceSums? {
        switch route {
        case .plain where places.losses != nil: return writePlainLosses(places.losses!)
        case .plain where places.gradient != nil: return differentiated(places)
        case .plain: return formula.pointee.isProbability ? likelihoodProduct() : logitProduct()
        case .counted where places.gradient != nil: return differentiated(places)
        case .counted, .smoothed, .labeled: return countedProduct(route)
        case .soft: return softProduct()
        case .weighted: return weighted(places, wish)
        case .focal: return focal(places, wish)
        case .exact: return nil
        }
    }
}

extension BatchSlice {
    /// The sums of this slice by a route and the routes that follow it; writes the requested outputs. If everything is
    /// in place, the kernels are called once for the whole slice, else block by block.
    func evaluated(
        _ route: Route, _ outputs: Outputs, _ wish: Wish, _ formula: UnsafePointer<Formula>,
        _ level: KernelLevel
    ) -> SliceSums {
        var route = route
        if isAllInPlace(route, outputs, wish, formula) {
            if let sums = operandsInPlace(formula, level).answer(from: route, outputs, wish) { return sums }
            route = .exact
        }
        var evaluation = SliceEvaluation(self, formula, level, route, outputs, wish)
        evaluation.run()
        return evaluation.sums
    }

    /// Whether the kernels of a route read and write everything in place.
    private func isAllInPlace(
        _ route: Route, _ outputs: Outputs, _ wish: Wish, _ formula: UnsafePointer<Formula>
    ) -> Bool {
        let type = lanes(of: route, formula)
        let writesInPlace = outputs.isEmpty || type == result && !outputs.areOver(self)
        return route != .exact && isWhollyInPlace(type) && writesInPlace && !wish.moments
    }

    /// The type in which the kernels of a route compute.
    @inline(always)
    func lanes(of route: Route, _ formula: UnsafePointer<Formula>) -> DType {
        needsDouble(formula) || route == .exact ? .double : .float
    }
}

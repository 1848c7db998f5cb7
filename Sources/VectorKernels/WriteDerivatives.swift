// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// Writes the gradient of each plain loss with respect to its probability, as the formula's rule says, times its scale.
/// Returns NaN where one of them is infinite or NaN: 1 / p may overflow where scale / p does not.
@inlinable @inline(always)
public func writeProbabilityGradient<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, _ formula: UnsafePointer<lk_formula>, into output: UnsafeMutablePointer<S>
) -> Double {
    typealias L = S.Lanes
    let bounds = LaneBounds<L>(formula)
    let scale = L(repeating: S(formula.pointee.scale))
    let (rule, floor) = (formula.pointee.gradient_rule, L(repeating: S(formula.pointee.gradient_floor)))
    return writeEach(tile, output) {
        ProbabilityElement($0, Coefficients(target: $1), bounds).gradient(rule, floor: floor) * scale
    }
}

/// Writes the derivatives of each plain loss with respect to its logit, times `scale`: the gradient, and where asked the
/// diagonal of the Hessian. Returns the sum of the losses where asked, from the same exponential and with the bits of
/// `sumLogitLosses`, else 0.
@inlinable @inline(always)
public func writeLogitDerivatives<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, scale: Double, withLoss: Bool, gradient: UnsafeMutablePointer<S>,
    hessian: UnsafeMutablePointer<S>?
) -> Double {
    typealias L = S.Lanes
    let factor = L(repeating: S(scale))
    var sum = LogitSum()
    var index = 0
    while index &+ 4 &* L.count <= tile.count {
        tile.prefetchAhead(index)
        let a = writeLogitVector(tile, index, factor, gradient, hessian)
        let b = writeLogitVector(tile, index &+ L.count, factor, gradient, hessian)
        let c = writeLogitVector(tile, index &+ 2 &* L.count, factor, gradient, hessian)
        let d = writeLogitVector(tile, index &+ 3 &* L.count, factor, gradient, hessian)
        if withLoss { sum.add(a.joined(b).joined(c.joined(d))) }
        index &+= 4 &* L.count
    }
    var rest = LogitTerm(linear: L.zero, factorLessOne: L.zero)
    while index &+ L.count <= tile.count {
        let term = writeLogitVector(tile, index, factor, gradient, hessian)
        if withLoss { rest = term.joined(rest) }
        index &+= L.count
    }
    if index < tile.count {
        let (x, t) = tile.loadTail()
        let element = LogitElement(x, Coefficients(target: t))
        (element.gradient * factor).store(gradient, index, prefix: tile.count &- index)
        if let hessian { (element.hessian * factor).store(hessian, index, prefix: tile.count &- index) }
        if withLoss { rest = LogitTerm(element).inTail(of: tile).joined(rest) }
    }
    guard withLoss else { return 0 }
    sum.add(rest)
    return sum.value(asSmallAs: S.self)
}

@inlinable @inline(always)
func writeLogitVector<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, _ index: Int, _ factor: S.Lanes, _ gradient: UnsafeMutablePointer<S>,
    _ hessian: UnsafeMutablePointer<S>?
) -> LogitTerm<S.Lanes> {
    let (x, t) = tile.load(index)
    let element = LogitElement(x, Coefficients(target: t))
    (element.gradient * factor).store(gradient, index)
    if let hessian { (element.hessian * factor).store(hessian, index) }
    return LogitTerm(element)
}

extension LogitTerm {
    @inlinable @inline(always)
    init(_ element: LogitElement<L>) {
        linear = element.wrong * element.magnitude
        factorLessOne = element.e
    }
}

public import CVectorKernels

/// The sums of losses of short rows, `lk_call.rows` of them: for each row the product that the kernels of whole tiles
/// take, then the logarithms of sixteen rows at once. A logarithm, a call and the checks of a tile for each row would
/// cost as much as 150 elements.
///
/// NaN is left in the place of a row that needs another kernel.
@inlinable @inline(always)
public func sumRows<R: RowSums, P: ElementSource, T: ElementSource>(
    _ call: UnsafePointer<lk_call>, _: R.Type, _: P.Type, _: T.Type
) {
    let sums = R(call)
    for row in 0..<call.pointee.rows {
        let predictions = P(call.pointee.predictions)!.from(row &* call.pointee.prediction_stride)
        let targets = T(call.pointee.targets)!.from(row &* call.pointee.target_stride)
        sums.multiply(Tile(R.Scalar.self, predictions, targets, count: call.pointee.count), row)
    }
    let results = call.pointee.row_sums!
    var row = 0
    while row < call.pointee.rows {
        let count = min(F64x16.count, call.pointee.rows &- row)
        let sum = sums.sums(row, count)
        count == F64x16.count ? sum.store(results, row) : sum.store(results, row, prefix: count)
        row &+= F64x16.count
    }
}

/// How rows are summed: products of rows into memory, and from there their logarithms.
public protocol RowSums {
    associatedtype Scalar: LaneScalar
    init(_ call: UnsafePointer<lk_call>)
    /// Sets aside what the product of a row is made of.
    func multiply<P: ElementSource, T: ElementSource>(_ row: Tile<Scalar, P, T>, _ index: Int)
    /// The sums of `count` rows from `index` on.
    func sums(_ index: Int, _ count: Int) -> F64x16
}

/// See `sumLogitLosses`. A row of `Tuning.rowColumns` logits has a product of at most 2^512.
@frozen
public struct LogitRows<Scalar: LaneScalar>: RowSums {
    @usableFromInline let linear: UnsafeMutablePointer<Double>
    @usableFromInline let productLessOne: UnsafeMutablePointer<Double>

    @inlinable @inline(always)
    public init(_ call: UnsafePointer<lk_call>) {
        linear = call.pointee.row_sums!
        productLessOne = call.pointee.row_scratch!
    }

    @inlinable @inline(always)
    public func multiply<P: ElementSource, T: ElementSource>(_ row: Tile<Scalar, P, T>, _ index: Int) {
        let sum = multiplyTerms(row) { x, t in LogitTerm(x, t) }
        linear[index] = sum.linear.sum
        productLessOne[index] = sum.productLessOne.productLessOne
    }

    @inlinable @inline(always)
    public func sums(_ index: Int, _ count: Int) -> F64x16 {
        LogitSum(
            productLessOne: F64x16(productLessOne, index, count), linear: F64x16(linear, index, count)
        ).values(asSmallAs: Scalar.self)
    }
}

/// See `sumProbabilityLosses`.
@frozen
public struct ProbabilityRows<Scalar: LaneScalar>: RowSums {
    @usableFromInline let exponents: UnsafeMutablePointer<Double>
    @usableFromInline let significands: UnsafeMutablePointer<Double>
    @usableFromInline let lost: UnsafeMutablePointer<Double>
    @usableFromInline let bounds: FactorBounds<Scalar.Lanes>
    @usableFromInline let least: Double

    @inlinable @inline(always)
    public init(_ call: UnsafePointer<lk_call>) {
        exponents = call.pointee.row_sums!
        significands = call.pointee.row_scratch!
        lost = significands + call.pointee.rows
        bounds = FactorBounds(call.pointee.formula)
        least = Scalar.relativeFloor * Double(call.pointee.count)
    }

    @inlinable @inline(always)
    public func multiply<P: ElementSource, T: ElementSource>(_ row: Tile<Scalar, P, T>, _ index: Int) {
        let product = multiplyLikelihoods(row, bounds)
        exponents[index] = product.exponents.sum
        significands[index] = product.isValid ? product.significands.product : .nan
        lost[index] = product.lost.sum
    }

    @inlinable @inline(always)
    public func sums(_ index: Int, _ count: Int) -> F64x16 {
        let significand = F64x16(significands, index, count)
        let sum = negativeLogarithms(
            significand, exponents: F64x16(exponents, index, count), lost: F64x16(lost, index, count))
        let nan = F64x16(repeating: .nan)
        // A logarithm would hide the NaN.
        return sum.ifAtLeast(
            F64x16(repeating: least), significand.ifAtLeast(F64x16.one, sum, nan), nan)
    }
}

extension F64x16 {
    /// `count` elements behind `base[index]`, and zeros.
    @inlinable @inline(always)
    init(_ base: UnsafeMutablePointer<Double>, _ index: Int, _ count: Int) {
        self =
            count == Self.count
            ? Self.load(Double.self, base, index) : Self.load(Double.self, base, index, prefix: count)
    }
}

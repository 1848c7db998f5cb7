// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// The sums of losses of short rows, `lk_call.rows` of them: for each row the product that the kernels of whole tiles
/// take, lane by lane; then, for sixteen rows, the products of the lanes and the logarithms of those.
///
/// In three loops, so that the lanes of a row are multiplied when they are long there: 28 instead of 32 ns for 100
/// probabilities, and as much as one loop for 100 logits (31 ns; 19 as a part of a long row).
///
/// NaN is left in the place of a row that needs another kernel.
@inlinable @inline(always)
public func sumRows<R: RowProduct, P: ElementSource, T: ElementSource>(
    _ call: UnsafePointer<lk_call>, _: R.Type, _: P.Type, _: T.Type
) {
    let rows = RowTiles<R.Scalar, P, T>(call)
    let bounds = FactorBounds<R.Scalar.Lanes>(call.pointee.formula)
    let products = call.pointee.row_scratch!.assumingMemoryBound(to: R.self)
    let numbers = RowNumbers(UnsafeMutableRawPointer(products + F64x16.count))
    let results = call.pointee.row_sums!
    var row = 0
    while row < call.pointee.rows {
        let count = min(F64x16.count, call.pointee.rows &- row)
        var index = 0
        while index < count {
            products[index] = R(rows.tile(row &+ index), bounds)
            index &+= 1
        }
        index = 0
        while index < count {
            numbers.set(index, products[index].reduced)
            index &+= 1
        }
        let sums = R.sums(numbers, columns: call.pointee.count)
        count == F64x16.count ? sums.store(results, row) : sums.store(results, row, prefix: count)
        row &+= F64x16.count
    }
}

/// The product of a row, lane by lane.
public protocol RowProduct {
    associatedtype Scalar: LaneScalar
    init<P: ElementSource, T: ElementSource>(
        _ row: Tile<Scalar, P, T>, _ bounds: FactorBounds<Scalar.Lanes>)
    /// What all lanes come to.
    var reduced: (Double, Double, Double) { get }
    /// The sums of sixteen rows.
    static func sums(_ rows: RowNumbers, columns: Int) -> F64x16
}

/// See `sumLogitLosses`. A row of `Tuning.rowColumns` logits has a product of at most 2^512.
@frozen
public struct LogitRow<Scalar: LaneScalar>: RowProduct {
    @usableFromInline let sum: LogitSum

    @inlinable @inline(always)
    public init<P: ElementSource, T: ElementSource>(
        _ row: Tile<Scalar, P, T>, _ bounds: FactorBounds<Scalar.Lanes>
    ) { sum = multiplyTerms(row) { x, t in LogitTerm(x, t) } }

    @inlinable @inline(always)
    public var reduced: (Double, Double, Double) {
        (sum.linear.sum, sum.productLessOne.productLessOne, 0)
    }

    @inlinable @inline(always)
    public static func sums(_ rows: RowNumbers, columns: Int) -> F64x16 {
        LogitSum(productLessOne: rows.second, linear: rows.first).values(asSmallAs: Scalar.self)
    }
}

/// See `sumProbabilityLosses`.
@frozen
public struct ProbabilityRow<Scalar: LaneScalar>: RowProduct {
    @usableFromInline let block: LikelihoodBlock<Scalar.Lanes>

    @inlinable @inline(always)
    public init<P: ElementSource, T: ElementSource>(
        _ row: Tile<Scalar, P, T>, _ bounds: FactorBounds<Scalar.Lanes>
    ) {
        var block = LikelihoodBlock(Scalar.Lanes.zero)
        let wholeVectors = row.count & ~(Scalar.Lanes.count &- 1)
        block.multiply(row, 0..<wholeVectors, bounds)
        if wholeVectors < row.count { block.multiplyTail(row, bounds) }
        self.block = block
    }

    @inlinable @inline(always)
    public var reduced: (Double, Double, Double) {
        var product = LikelihoodProduct()
        product.add(block)
        let isValid = block.isInside && product.isValid
        return (
            product.exponents.sum, isValid ? product.significands.product : .nan, product.lost.sum
        )
    }

    @inlinable @inline(always)
    public static func sums(_ rows: RowNumbers, columns: Int) -> F64x16 {
        let significands = rows.second
        let sums = negativeLogarithms(significands, exponents: rows.first, lost: rows.third)
        let nan = F64x16(repeating: .nan)
        let least = F64x16(repeating: Scalar.relativeFloor * Double(columns))
        // A logarithm would hide the NaN.
        return sums.ifAtLeast(least, significands.ifAtLeast(F64x16.one, sums, nan), nan)
    }
}

/// The rows of a call.
@frozen @usableFromInline
struct RowTiles<S: LaneScalar, P: ElementSource, T: ElementSource> {
    @usableFromInline let predictions: P
    @usableFromInline let targets: T
    @usableFromInline let predictionStride, targetStride, columns, last: Int

    @inlinable @inline(always)
    init(_ call: UnsafePointer<lk_call>) {
        predictions = P(call.pointee.predictions)!
        targets = T(call.pointee.targets)!
        (predictionStride, targetStride) = (call.pointee.prediction_stride, call.pointee.target_stride)
        (columns, last) = (call.pointee.count, call.pointee.rows &- 1)
    }

    @inlinable @inline(always)
    func tile(_ row: Int) -> Tile<S, P, T> {
        Tile(
            S.self, predictions.from(row &* predictionStride), targets.from(row &* targetStride),
            count: columns, isFollowed: columns >= S.Lanes.count && row < last)
    }
}

/// Three numbers for each of sixteen rows.
@frozen
public struct RowNumbers {
    @usableFromInline let base: UnsafeMutablePointer<Double>

    @inlinable @inline(always)
    init(_ base: UnsafeMutableRawPointer) { self.base = base.assumingMemoryBound(to: Double.self) }

    @inlinable @inline(always)
    func set(_ row: Int, _ numbers: (Double, Double, Double)) {
        base[row] = numbers.0
        base[row &+ 16] = numbers.1
        base[row &+ 32] = numbers.2
    }

    @inlinable @inline(always) var first: F64x16 { .load(Double.self, base, 0) }
    @inlinable @inline(always) var second: F64x16 { .load(Double.self, base, 16) }
    @inlinable @inline(always) var third: F64x16 { .load(Double.self, base, 32) }
}

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// The sums of the losses of short rows. For each row, this forms the same product, lane by lane, as the kernels for
/// whole tiles. Then, for sixteen rows at a time, it multiplies the lanes of each row together and takes the
/// logarithms.
///
/// This takes three loops, so that the lanes of a row have long been computed when they are multiplied together: 28
/// instead of 32 ns for 100 probabilities, and the same as one loop for 100 logits (31 ns; 19 as part of a long row).
///
/// - Parameters:
///   - multiply: returns the product of a row, lane by lane.
///   - reduce: reduces the lanes of such a product.
///   - sums: returns the sums of sixteen rows; NaN where a row needs another kernel.
@export(implementation) @inline(always)
public func sumRows<S: LaneScalar, Product>(
    _ a: UnsafeMutablePointer<vk_sum_rows_args>, _: S.Type, of: Product.Type,
    multiply: (Tile<S, S>) -> Product, reduce: (Product) -> (Double, Double, Double),
    sums: (RowNumbers) -> F64x16
) {
    let products = a.pointee.scratch.assumingMemoryBound(to: Product.self)
    let numbers = RowNumbers(UnsafeMutableRawPointer(products + F64x16.count))
    let (predictions, targets) = (Elements<S>(a.pointee.predictions), Elements<S>(a.pointee.targets))
    // If a row is read repeatedly, no other row follows it.
    let isApart = min(a.pointee.prediction_stride, a.pointee.target_stride) >= a.pointee.columns
    let isLong = isApart && a.pointee.columns >= F64x16.count
    var row = 0
    while row < a.pointee.rows {
        let count = min(F64x16.count, a.pointee.rows &- row)
        var index = 0
        while index < count {
            let number = row &+ index
            products[index] = multiply(
                Tile(
                    predictions.from(number &* a.pointee.prediction_stride).base,
                    targets.from(number &* a.pointee.target_stride).base, count: a.pointee.columns,
                    isFollowed: isLong && number &+ 1 < a.pointee.rows))
            index &+= 1
        }
        index = 0
        while index < count {
            numbers.set(index, reduce(products[index]))
            index &+= 1
        }
        sums(numbers).store(a.pointee.sums, row, count: count)
        row &+= F64x16.count
    }
}

/// Three numbers for each of sixteen rows.
@frozen
public struct RowNumbers {
    @usableFromInline let base: UnsafeMutablePointer<Double>

    @export(implementation) @inline(always)
    init(_ base: UnsafeMutableRawPointer) { self.base = base.assumingMemoryBound(to: Double.self) }

    @export(implementation) @inline(always)
    func set(_ row: Int, _ numbers: (Double, Double, Double)) {
        base[row] = numbers.0
        base[row &+ 16] = numbers.1
        base[row &+ 32] = numbers.2
    }

    @export(implementation) @inline(always) public var first: F64x16 { .load(Double.self, base, 0) }
    @export(implementation) @inline(always) public var second: F64x16 { .load(Double.self, base, 16) }
    @export(implementation) @inline(always) public var third: F64x16 { .load(Double.self, base, 32) }
}

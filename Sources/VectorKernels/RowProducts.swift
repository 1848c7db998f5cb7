// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

// Products of a matrix that has just come from memory with a vector. CBLAS has them as gemv; these are for tiles of 32
// KiB, of which the second product finds the first one's rows in the first cache, and fetch ahead across rows.

/// `rowVector[i] = intercept + sum over columns of matrix[i, c] vector[c]`. The vector is padded with zeros to a
/// multiple of sixteen.
@inlinable @inline(always)
public func multiplyRows<S: LaneScalar>(_ call: UnsafePointer<lk_call>, _: S.Type) {
    typealias L = S.Lanes
    let rows = MatrixRows<S>(call)
    let vector = UnsafeRawPointer(call.pointee.column_vector!)
    let results = call.pointee.row_vector!.assumingMemoryBound(to: S.self)
    var row = 0
    while row < rows.count {
        // Behind the last row, that again: four chains of additions, whatever the count.
        let last = rows.count &- 1
        let (i, j, k) = (min(row &+ 1, last), min(row &+ 2, last), min(row &+ 3, last))
        var (a, b, c, d) = (L.zero, L.zero, L.zero, L.zero)
        var column = 0
        while column &+ L.count <= rows.columns {
            let v = L.load(S.self, vector, column)
            rows.prefetchAhead(row, column)
            a = L.multiplyAdd(rows.load(row, column), v, a)
            b = L.multiplyAdd(rows.load(i, column), v, b)
            c = L.multiplyAdd(rows.load(j, column), v, c)
            d = L.multiplyAdd(rows.load(k, column), v, d)
            column &+= L.count
        }
        if column < rows.columns {
            let v = L.load(S.self, vector, column)
            a = L.multiplyAdd(rows.loadEnd(row, column), v, a)
            b = L.multiplyAdd(rows.loadEnd(i, column), v, b)
            c = L.multiplyAdd(rows.loadEnd(j, column), v, c)
            d = L.multiplyAdd(rows.loadEnd(k, column), v, d)
        }
        // Written backwards, so that the last row's own result is the last to be written.
        results[k] = S(d.widened.sum + call.pointee.intercept)
        results[j] = S(c.widened.sum + call.pointee.intercept)
        results[i] = S(b.widened.sum + call.pointee.intercept)
        results[row] = S(a.widened.sum + call.pointee.intercept)
        row &+= 4
    }
}

/// `vector[c] += sum over rows of rowVector[i] matrix[i, c]`. The vector has room for a multiple of sixteen.
@inlinable @inline(always)
public func addRows<S: LaneScalar>(_ call: UnsafePointer<lk_call>, _: S.Type) {
    let rows = MatrixRows<S>(call)
    let vector = call.pointee.column_vector!.assumingMemoryBound(to: S.self)
    let factors = call.pointee.row_vector!.assumingMemoryBound(to: S.self)
    var row = 0
    while row &+ 8 <= rows.count {
        addEightRows(rows, row, factors, vector)
        row &+= 8
    }
    while row < rows.count {
        let factor = S.Lanes(repeating: factors[row])
        var column = 0
        while column < rows.columns {
            let x =
                column &+ S.Lanes.count <= rows.columns
                ? rows.load(row, column) : rows.loadEnd(row, column)
            let sum = S.Lanes.load(S.self, UnsafeRawPointer(vector), column)
            S.Lanes.multiplyAdd(x, factor, sum).store(vector, column)
            column &+= S.Lanes.count
        }
        row &+= 1
    }
}

@inlinable @inline(always)
func addEightRows<S: LaneScalar>(
    _ rows: MatrixRows<S>, _ row: Int, _ factors: UnsafeMutablePointer<S>, _ vector: UnsafeMutablePointer<S>
) {
    typealias L = S.Lanes
    let (a, b) = (L(repeating: factors[row]), L(repeating: factors[row &+ 1]))
    let (c, d) = (L(repeating: factors[row &+ 2]), L(repeating: factors[row &+ 3]))
    let (e, f) = (L(repeating: factors[row &+ 4]), L(repeating: factors[row &+ 5]))
    let (g, h) = (L(repeating: factors[row &+ 6]), L(repeating: factors[row &+ 7]))
    var column = 0
    while column &+ L.count <= rows.columns {
        var even = L.multiplyAdd(rows.load(row, column), a, L.load(S.self, UnsafeRawPointer(vector), column))
        var odd = rows.load(row &+ 1, column) * b
        even = L.multiplyAdd(rows.load(row &+ 2, column), c, even)
        odd = L.multiplyAdd(rows.load(row &+ 3, column), d, odd)
        even = L.multiplyAdd(rows.load(row &+ 4, column), e, even)
        odd = L.multiplyAdd(rows.load(row &+ 5, column), f, odd)
        even = L.multiplyAdd(rows.load(row &+ 6, column), g, even)
        odd = L.multiplyAdd(rows.load(row &+ 7, column), h, odd)
        (even + odd).store(vector, column)
        column &+= L.count
    }
    if column < rows.columns {
        var sum = L.multiplyAdd(
            rows.loadEnd(row, column), a, L.load(S.self, UnsafeRawPointer(vector), column))
        sum = L.multiplyAdd(rows.loadEnd(row &+ 1, column), b, sum)
        sum = L.multiplyAdd(rows.loadEnd(row &+ 2, column), c, sum)
        sum = L.multiplyAdd(rows.loadEnd(row &+ 3, column), d, sum)
        sum = L.multiplyAdd(rows.loadEnd(row &+ 4, column), e, sum)
        sum = L.multiplyAdd(rows.loadEnd(row &+ 5, column), f, sum)
        sum = L.multiplyAdd(rows.loadEnd(row &+ 6, column), g, sum)
        sum = L.multiplyAdd(rows.loadEnd(row &+ 7, column), h, sum)
        sum.store(vector, column)
    }
}

/// The rows of the matrix of a call.
@frozen @usableFromInline
struct MatrixRows<S: LaneScalar> {
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let stride: Int
    @usableFromInline let count: Int
    @usableFromInline let columns: Int

    @inlinable @inline(always)
    init(_ call: UnsafePointer<lk_call>) {
        base = call.pointee.predictions.base!
        stride = call.pointee.prediction_stride
        count = call.pointee.rows
        columns = call.pointee.count
    }

    @inlinable @inline(always)
    func load(_ row: Int, _ column: Int) -> S.Lanes {
        S.Lanes.load(S.self, base, row &* stride &+ column)
    }

    /// From `column` to the end of the row, zeros behind. Where other rows follow, whole lanes are read and what is not
    /// of this row is dropped: the copy of a part is a call.
    @inlinable @inline(always)
    func loadEnd(_ row: Int, _ column: Int) -> S.Lanes {
        let rest = columns &- column
        let isInside = row &* stride &+ column &+ S.Lanes.count <= (count &- 1) &* stride &+ columns
        return isInside
            ? load(row, column).inPrefix(rest, else: S.Lanes.zero)
            : S.Lanes.load(S.self, base, row &* stride &+ column, prefix: rest)
    }

    /// Four rows, which is what is read for each vector of columns.
    @inlinable @inline(always)
    func prefetchAhead(_ row: Int, _ column: Int) {
        let place = base + (row &* stride &+ column) &* (S.bits / 8) + Tuning.prefetchDistance
        let rowBytes = stride &* (S.bits / 8)
        var next = 0
        while next < 4 {
            vk_prefetch(place + next &* rowBytes)
            if S.bits == 64 { vk_prefetch(place + next &* rowBytes + 64) }
            next &+= 1
        }
    }
}

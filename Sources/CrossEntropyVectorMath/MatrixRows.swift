// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// The rows of a call's matrix.
@frozen
public struct MatrixRows<S: LaneScalar> {
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let stride: Int
    public let count: Int
    public let columns: Int

    @export(implementation) @inline(always)
    public init(_ a: UnsafeMutablePointer<vk_matrix_args>) {
        base = a.pointee.matrix
        stride = a.pointee.row_stride
        count = a.pointee.rows
        columns = a.pointee.columns
    }

    @export(implementation) @inline(always)
    public func load(_ row: Int, _ column: Int) -> S.Lanes {
        S.Lanes.load(S.self, base, row &* stride &+ column)
    }

    /// The row from `column` to its end, followed by zeros. If other rows follow, a whole vector is read and the
    /// elements past the row are dropped, because copying part of a vector takes a function call.
    @export(implementation) @inline(always)
    public func loadEnd(_ row: Int, _ column: Int) -> S.Lanes {
        let rest = columns &- column
        let isInside = row &* stride &+ column &+ S.Lanes.count <= (count &- 1) &* stride &+ columns
        return isInside
            ? load(row, column).inPrefix(rest, else: S.Lanes.zero)
            : S.Lanes.load(S.self, base, row &* stride &+ column, prefix: rest)
    }

    /// Sixteen elements, or those up to the end of the row.
    @export(implementation) @inline(always)
    public func load(_ row: Int, _ column: Int, isEnd: Bool) -> S.Lanes {
        isEnd ? loadEnd(row, column) : load(row, column)
    }

    /// Prefetches for four rows, the number that is read for each vector of columns.
    @export(implementation) @inline(always)
    public func prefetchAhead(_ row: Int, _ column: Int) {
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

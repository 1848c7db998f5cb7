// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

// Products of a vector with a matrix that has just been read from memory. CBLAS provides them as gemv. These kernels
// are for tiles of 32 KiB, so that the second product finds the rows of the first one in the L1 cache, and they
// prefetch across rows.

@c @implementation
func vk_multiply_rows(_ a: UnsafeMutablePointer<vk_matrix_args>) {
    a.pointee.is_double ? multiplyRows(a, Double.self) : multiplyRows(a, Float.self)
}

/// `rowVector[i] = intercept + sum over columns of matrix[i, c] vector[c]`. The vector is padded with zeros to a
/// multiple of sixteen.
@inline(always)
private func multiplyRows<S: LaneScalar>(_ arguments: UnsafeMutablePointer<vk_matrix_args>, _: S.Type) {
    typealias L = S.Lanes
    let rows = MatrixRows<S>(arguments)
    let vector = UnsafeRawPointer(arguments.pointee.column_vector)
    let results = arguments.pointee.row_vector.assumingMemoryBound(to: S.self)
    var row = 0
    while row < rows.count {
        // Past the last row, the last row is repeated, so that there are four chains of additions whatever the count.
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
        // Written in reverse order, so that the last row's own result is written last.
        results[k] = S(d.widened.sum + arguments.pointee.intercept)
        results[j] = S(c.widened.sum + arguments.pointee.intercept)
        results[i] = S(b.widened.sum + arguments.pointee.intercept)
        results[row] = S(a.widened.sum + arguments.pointee.intercept)
        row &+= 4
    }
}

extension vk_matrix_args {
    @inline(never)
    mutating func multiplyRows(_ level: KernelLevel) { vk_multiply_rows_at(level.instructionSet, &self) }
}

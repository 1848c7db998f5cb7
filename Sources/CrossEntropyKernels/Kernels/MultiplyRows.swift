// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

// Products of a matrix that has just come from memory with a vector. CBLAS has them as gemv; these are for tiles of 32
// KiB, of which the second product finds the first one's rows in the L1 cache, and fetch ahead across rows.

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

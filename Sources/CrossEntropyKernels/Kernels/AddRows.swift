// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

@c @implementation
func vk_add_rows(_ a: UnsafeMutablePointer<vk_matrix_args>) {
    a.pointee.is_double ? addRows(a, Double.self) : addRows(a, Float.self)
}

/// `vector[c] += sum over rows of rowVector[i] matrix[i, c]`. The vector has room for a multiple of sixteen.
@inline(always)
private func addRows<S: LaneScalar>(_ arguments: UnsafeMutablePointer<vk_matrix_args>, _: S.Type) {
    let rows = MatrixRows<S>(arguments)
    let vector = arguments.pointee.column_vector.assumingMemoryBound(to: S.self)
    let factors = arguments.pointee.row_vector.assumingMemoryBound(to: S.self)
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

@inline(always)
private func addEightRows<S: LaneScalar>(
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

extension vk_matrix_args {
    @inline(never)
    mutating func addRows(_ level: KernelLevel) { vk_add_rows_at(level.instructionSet, &self) }
}

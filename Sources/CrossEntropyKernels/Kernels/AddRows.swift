// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

@c @implementation
func vk_add_rows(_ a: UnsafeMutablePointer<vk_matrix_args>) {
    a.pointee.is_double ? addRows(a, Double.self) : addRows(a, Float.self)
}

/// `vector[c] += sum over rows of rowVector[i] matrix[i, c]`. The vector has room for a multiple of sixteen.
///
/// The products of eight rows are added to each other before they are added to the vector, so that the sum of 64 rows has
/// at most 13 roundings of its own size: 8e-7 of a Float if no product is negative.
@inline(always)
private func addRows<S: LaneScalar>(_ arguments: UnsafeMutablePointer<vk_matrix_args>, _: S.Type) {
    let rows = MatrixRows<S>(arguments)
    let vector = arguments.pointee.column_vector.assumingMemoryBound(to: S.self)
    let factors = arguments.pointee.row_vector.assumingMemoryBound(to: S.self)
    var row = 0
    while row &+ 8 <= rows.count {
        EightRows(rows, row, factors).add(to: vector)
        row &+= 8
    }
    while row < rows.count {
        // Two rows at a time, for the same reason.
        var column = 0
        while column < rows.columns {
            let isEnd = column &+ S.Lanes.count > rows.columns
            var sum = rows.load(row, column, isEnd: isEnd) * S.Lanes(repeating: factors[row])
            if row &+ 1 < rows.count {
                sum = S.Lanes.multiplyAdd(
                    rows.load(row &+ 1, column, isEnd: isEnd), S.Lanes(repeating: factors[row &+ 1]), sum)
            }
            (S.Lanes.load(S.self, UnsafeRawPointer(vector), column) + sum).store(vector, column)
            column &+= S.Lanes.count
        }
        row &+= 2
    }
}

private struct EightRows<S: LaneScalar> {
    let rows: MatrixRows<S>
    let row: Int
    let a, b, c, d, e, f, g, h: S.Lanes

    @inline(always)
    init(_ rows: MatrixRows<S>, _ row: Int, _ factors: UnsafeMutablePointer<S>) {
        typealias L = S.Lanes
        (self.rows, self.row) = (rows, row)
        (a, b) = (L(repeating: factors[row]), L(repeating: factors[row &+ 1]))
        (c, d) = (L(repeating: factors[row &+ 2]), L(repeating: factors[row &+ 3]))
        (e, f) = (L(repeating: factors[row &+ 4]), L(repeating: factors[row &+ 5]))
        (g, h) = (L(repeating: factors[row &+ 6]), L(repeating: factors[row &+ 7]))
    }

    @inline(always)
    func add(to vector: UnsafeMutablePointer<S>) {
        typealias L = S.Lanes
        var column = 0
        while column &+ L.count <= rows.columns {
            (L.load(S.self, UnsafeRawPointer(vector), column) + product(column, isEnd: false))
                .store(vector, column)
            column &+= L.count
        }
        if column < rows.columns {
            (L.load(S.self, UnsafeRawPointer(vector), column) + product(column, isEnd: true))
                .store(vector, column)
        }
    }

    @inline(always)
    private func product(_ column: Int, isEnd: Bool) -> S.Lanes {
        typealias L = S.Lanes
        var (even, odd) = (
            rows.load(row, column, isEnd: isEnd) * a, rows.load(row &+ 1, column, isEnd: isEnd) * b
        )
        even = L.multiplyAdd(rows.load(row &+ 2, column, isEnd: isEnd), c, even)
        odd = L.multiplyAdd(rows.load(row &+ 3, column, isEnd: isEnd), d, odd)
        even = L.multiplyAdd(rows.load(row &+ 4, column, isEnd: isEnd), e, even)
        odd = L.multiplyAdd(rows.load(row &+ 5, column, isEnd: isEnd), f, odd)
        even = L.multiplyAdd(rows.load(row &+ 6, column, isEnd: isEnd), g, even)
        odd = L.multiplyAdd(rows.load(row &+ 7, column, isEnd: isEnd), h, odd)
        return even + odd
    }
}

extension vk_matrix_args {
    @inline(never)
    mutating func addRows(_ level: KernelLevel) { vk_add_rows_at(level.instructionSet, &self) }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyBLAS
import CrossEntropyBLASCInterface
import CrossEntropyC

extension ce_matrix: SizedStruct {}

extension Matrix {
    /// The matrix that a struct describes. Checks its size, type, shape and address.
    init(_ pointer: UnsafePointer<ce_matrix>?, _ role: Role, _ argument: String) throws {
        let matrix = try read(pointer, argument)
        guard matrix.reserved == 0 else { throw InvalidArgument("\(argument).reserved", "is not 0") }
        guard Int(matrix.type) != CE_BIT else {
            throw InvalidArgument(argument, "has type CE_BIT, of which a row may begin within a byte")
        }
        let rows = try size(matrix.rows, "\(argument).rows")
        let columns = try size(matrix.columns, "\(argument).columns")
        let rowStride = try CrossEntropyC.rowStride(
            matrix.stride, "\(argument).stride", rows, columns, mayRepeat: false)
        let memory = try Memory(
            ce_array(data: matrix.data, type: matrix.type, bit_offset: 0), role, argument,
            count: rows * columns)
        try self.init(MatrixMemory(memory, rows: rows, columns: columns, rowStride: rowStride), argument)
    }
}

/// The layout of a matrix of results, after a check that the caller's memory has room for it.
struct ResultMatrix {
    let rowStride: Int
    /// The number of elements from the first to the last, including those between rows.
    let count: Int

    /// - Parameters:
    ///   - stride: 0 if the rows are adjacent.
    ///   - room: the number of elements for which there is memory.
    ///   - bytes: the size of an element.
    init(
        _ base: UnsafeMutableRawPointer?, _ argument: String, rows: Int, columns: Int, stride: Int64,
        room: Int64, bytes: Int
    ) throws {
        rowStride = try CrossEntropyC.rowStride(stride, "stride", rows, columns, mayRepeat: false)
        count = rows == 0 || columns == 0 ? 0 : (rows - 1) * rowStride + columns
        try checkRoom(Int(room), argument, count)
        try check(base, argument, count: count, alignment: bytes)
    }
}

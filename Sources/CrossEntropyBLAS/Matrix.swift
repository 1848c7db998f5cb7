// SPDX-License-Identifier: Apache-2.0

package import CrossEntropy
package import CrossEntropyKernels

/// A matrix of a size that fits BLAS integers. Its creator must keep the memory alive.
@unsafe
package struct Matrix {
    let base: Column
    package let rows: Int
    package let columns: Int
    let rowStride: Int

    init<S: LossScalar>(_ matrix: MatrixView<S>, _ argument: String) throws(CrossEntropyError) {
        try unsafe self.init(MatrixMemory(Memory(matrix.elements), matrix), argument)
    }

    init<T: LossTarget>(targets matrix: MatrixView<T>) throws(CrossEntropyError) {
        try unsafe self.init(MatrixMemory(Memory(targets: matrix.elements), matrix), "targets")
    }

    package init(_ matrix: MatrixMemory, _ argument: String) throws(CrossEntropyError) {
        let (rows, columns, rowStride) = unsafe (matrix.rows, matrix.columns, matrix.rowStride)
        try checkBLASSize(argument, rows, max(rowStride, columns))
        // BLAS does not support a stride of 0, which repeats one row.
        guard rows <= 1 || rowStride >= columns else {
            throw .invalidOption(
                option: "\(argument).rowStride", value: Double(rowStride), allowed: "at least \(columns)")
        }
        unsafe base = matrix.memory.column
        unsafe (self.rows, self.columns) = (rows, columns)
        unsafe self.rowStride = max(rowStride, columns)
    }

    package var dtype: DType { unsafe base.dtype }

    /// One column, as a matrix.
    func column(_ column: Int) -> Matrix { unsafe Matrix(column, of: self) }

    private init(_ column: Int, of matrix: Matrix) {
        unsafe base = matrix.row(0, from: column)
        unsafe (rows, columns, rowStride) = (matrix.rows, 1, matrix.rowStride)
    }

    func row(_ row: Int, from column: Int = 0) -> Column { unsafe base.from(row * rowStride + column) }

    func memory(ofRow row: Int) -> Memory { unsafe Memory(self.row(row), count: columns) }
}

/// BLAS uses 32-bit sizes.
let blasLimit = Int(Int32.max)

func checkBLASSize(_ argument: String, _ rows: Int, _ columns: Int) throws(CrossEntropyError) {
    guard rows <= blasLimit, columns <= blasLimit else {
        throw .matrixTooLarge(argument: argument, rows: rows, columns: columns, limit: blasLimit)
    }
}

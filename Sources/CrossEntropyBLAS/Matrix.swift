// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropy
internal import CrossEntropyKernels

/// A `MatrixView` without its type and lifetime, of a size that fits BLAS integers. Its creator must keep the memory
/// alive.
@unsafe
struct Matrix {
    let base: Column
    let rows: Int
    let columns: Int
    let rowStride: Int

    init<S: LossScalar>(_ matrix: borrowing MatrixView<S>, _ argument: String) throws(CrossEntropyError) {
        try unsafe self.init(matrix, S.predictionStorage.dtype, argument)
    }

    init<T: LossTarget>(targets matrix: borrowing MatrixView<T>) throws(CrossEntropyError) {
        try unsafe self.init(matrix, T.targetStorage.dtype, "targets")
    }

    private init<E>(
        _ matrix: borrowing MatrixView<E>, _ dtype: DType, _ argument: String
    ) throws(CrossEntropyError) {
        try checkBLASSize(argument, matrix.rows, matrix.rowStride)
        // BLAS does not support a stride of 0, which repeats one row.
        guard matrix.rows <= 1 || matrix.rowStride >= matrix.columns else {
            throw .invalidOption(
                option: "\(argument).rowStride", value: Double(matrix.rowStride),
                allowed: "at least \(matrix.columns)")
        }
        let base = unsafe matrix.elements.withUnsafeBufferPointer { unsafe UnsafeRawPointer($0.baseAddress) }
        // A matrix without elements may have no address; the placeholder used here is never read.
        unsafe self.base = Column(base ?? UnsafeRawPointer(bitPattern: 64)!, dtype)
        unsafe (rows, columns) = (matrix.rows, matrix.columns)
        unsafe rowStride = max(matrix.rowStride, matrix.columns)
    }

    /// One column, as a matrix.
    func column(_ column: Int) -> Matrix { unsafe Matrix(column, of: self) }

    private init(_ column: Int, of matrix: Matrix) {
        unsafe base = matrix.row(0, from: column)
        unsafe (rows, columns, rowStride) = (matrix.rows, 1, matrix.rowStride)
    }

    func row(_ row: Int, from column: Int = 0) -> Column { unsafe base.from(row * rowStride + column) }
}

/// BLAS uses 32-bit sizes.
func checkBLASSize(_ argument: String, _ rows: Int, _ columns: Int) throws(CrossEntropyError) {
    let limit = Int(Int32.max)
    guard rows <= limit, columns <= limit else {
        throw .matrixTooLarge(argument: argument, rows: rows, columns: columns, limit: limit)
    }
}

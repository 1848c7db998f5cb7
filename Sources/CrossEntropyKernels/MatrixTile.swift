// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Some rows of a matrix of Floats or Doubles, ready for products with vectors of the same type.
package struct MatrixTile {
    private let matrix: Column
    private let rows, columns, rowStride: Int

    package init(_ matrix: Column, rows: Int, columns: Int, rowStride: Int) {
        self.matrix = matrix
        self.rows = rows
        self.columns = columns
        self.rowStride = rowStride
    }

    /// The padded length of a vector with one number per column.
    package static func padded(_ columns: Int) -> Int {
        (columns + F32x16.count - 1) / F32x16.count * F32x16.count
    }

    /// `results[row] = intercept + sum of matrix[row, c] vector[c]`.
    ///
    /// - Parameter vector: `padded(columns)` numbers, with zeros past the last column.
    package func multiply(
        _ vector: UnsafeMutableRawPointer, plus intercept: Double, into results: UnsafeMutableRawPointer,
        _ level: KernelLevel
    ) {
        var a = arguments(vector, results, intercept)
        a.multiplyRows(level)
    }

    /// `vector[c] += sum of factors[row] matrix[row, c]`.
    ///
    /// - Parameter vector: `padded(columns)` numbers; nothing is added past the last column.
    package func addRows(
        times factors: UnsafeMutableRawPointer, to vector: UnsafeMutableRawPointer, _ level: KernelLevel
    ) {
        var a = arguments(vector, factors, 0)
        a.addRows(level)
    }

    private func arguments(
        _ columnVector: UnsafeMutableRawPointer, _ rowVector: UnsafeMutableRawPointer, _ intercept: Double
    ) -> vk_matrix_args {
        vk_matrix_args(
            matrix: matrix.base, rows: rows, columns: columns, row_stride: rowStride,
            column_vector: columnVector, row_vector: rowVector, intercept: intercept,
            is_double: matrix.dtype == .double)
    }
}

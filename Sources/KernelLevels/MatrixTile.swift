// SPDX-License-Identifier: Apache-2.0

internal import CVectorKernels
internal import VectorKernels

/// Some rows of a matrix of Floats or Doubles, ready for products with vectors of the same type.
package struct MatrixTile {
    private var call: lk_call

    package init(_ matrix: ElementColumn, rows: Int, columns: Int, rowStride: Int) {
        call = lk_call()
        call.predictions = lk_elements(matrix)
        call.rows = rows
        call.count = columns
        call.prediction_stride = rowStride
    }

    /// What a vector with a number for each column has room for.
    package static func padded(_ columns: Int) -> Int {
        (columns + F32x16.count - 1) / F32x16.count * F32x16.count
    }

    /// `results[row] = intercept + sum of matrix[row, c] vector[c]`.
    ///
    /// - Parameter vector: `padded(columns)` numbers, zeros behind the last column.
    package mutating func multiply(
        _ vector: UnsafeMutableRawPointer, plus intercept: Double, into results: UnsafeMutableRawPointer,
        _ level: KernelLevel
    ) {
        (call.column_vector, call.row_vector, call.intercept) = (vector, results, intercept)
        call.kernel = LK_MULTIPLY_ROWS
        _ = dispatch(&call, level)
    }

    /// `vector[c] += sum of factors[row] matrix[row, c]`.
    ///
    /// - Parameter vector: `padded(columns)` numbers; nothing is added behind the last column.
    package mutating func addRows(
        times factors: UnsafeMutableRawPointer, to vector: UnsafeMutableRawPointer, _ level: KernelLevel
    ) {
        (call.column_vector, call.row_vector) = (vector, factors)
        call.kernel = LK_ADD_ROWS
        _ = dispatch(&call, level)
    }
}

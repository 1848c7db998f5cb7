// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropy
internal import CrossEntropyCBLAS

/// A block of rows and columns of a row-major matrix.
@unsafe
struct Block<S> {
    let base: UnsafePointer<S>
    let stride: Int

    init(_ base: UnsafePointer<S>, stride: Int) {
        unsafe self.base = base
        unsafe self.stride = stride
    }
}

/// The types that CBLAS supports, and the routines that are used. Sizes are below 2^31, see `checkBLASSize`.
protocol BLASNumber: LossScalar {
    /// c = alpha op(a) op(b) + beta c, where c is `rows` x `columns` and each sum has `inner` products; op transposes
    /// if requested.
    static func gemm(
        _ a: Block<Self>, transposed: Bool, _ b: Block<Self>, transposed: Bool, alpha: Self, beta: Self,
        into c: UnsafeMutablePointer<Self>, stride: Int, rows: Int, columns: Int, inner: Int)
    /// c += alpha aT a, for the upper triangle of c, which is `columns` x `columns`; a has `rows` rows.
    static func syrk(
        _ a: Block<Self>, alpha: Self, into c: UnsafeMutablePointer<Self>, rows: Int, columns: Int)
}

extension Float: BLASNumber {
    static func gemm(
        _ a: Block<Float>, transposed: Bool, _ b: Block<Float>, transposed bTransposed: Bool, alpha: Float,
        beta: Float, into c: UnsafeMutablePointer<Float>, stride: Int, rows: Int, columns: Int, inner: Int
    ) {
        unsafe cblas_sgemm(
            CblasRowMajor, order(transposed), order(bTransposed), size(rows), size(columns), size(inner),
            alpha, a.base, size(a.stride), b.base, size(b.stride), beta, c, size(stride))
    }

    static func syrk(
        _ a: Block<Float>, alpha: Float, into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int
    ) {
        unsafe cblas_ssyrk(
            CblasRowMajor, CblasUpper, CblasTrans, size(columns), size(rows), alpha, a.base, size(a.stride),
            1, c, size(columns))
    }
}

extension Double: BLASNumber {
    static func gemm(
        _ a: Block<Double>, transposed: Bool, _ b: Block<Double>, transposed bTransposed: Bool,
        alpha: Double, beta: Double, into c: UnsafeMutablePointer<Double>, stride: Int, rows: Int,
        columns: Int, inner: Int
    ) {
        unsafe cblas_dgemm(
            CblasRowMajor, order(transposed), order(bTransposed), size(rows), size(columns), size(inner),
            alpha, a.base, size(a.stride), b.base, size(b.stride), beta, c, size(stride))
    }

    static func syrk(
        _ a: Block<Double>, alpha: Double, into c: UnsafeMutablePointer<Double>, rows: Int, columns: Int
    ) {
        unsafe cblas_dsyrk(
            CblasRowMajor, CblasUpper, CblasTrans, size(columns), size(rows), alpha, a.base, size(a.stride),
            1, c, size(columns))
    }
}

private func order(_ transposed: Bool) -> CBLAS_TRANSPOSE { transposed ? CblasTrans : CblasNoTrans }

private func size(_ value: Int) -> Int32 { Int32(value) }

// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyKernels

/// A span, array or buffer without its type and lifetime. With it, the work behind a generic entry point is compiled
/// once, in this module, instead of being resolved at run time in the caller's module. The memory must outlive this
/// value.
@unsafe @usableFromInline
package struct Memory {
    let base: UnsafeRawPointer?
    let storage: LossStorage
    /// The number of elements.
    package let count: Int
    private let firstBit: Int

    /// - Parameter firstBit: for packed bits, the index of the first element's bit, counted from `base`.
    @usableFromInline
    package init(_ base: UnsafeRawPointer?, _ storage: LossStorage, count: Int, firstBit: Int = 0) {
        unsafe self.base = base
        unsafe self.storage = storage
        unsafe self.count = count
        unsafe self.firstBit = firstBit
    }

    package init(_ column: Column, count: Int) {
        unsafe self.init(
            column.base, LossStorage(dtype: column.dtype), count: count, firstBit: Int(column.bit))
    }

    /// Empty memory may have no address; nothing is read from the placeholder used here.
    package var column: Column {
        let column = unsafe Column(base ?? UnsafeRawPointer(bitPattern: 8)!, storage.dtype)
        return unsafe firstBit == 0 ? column : column.from(firstBit)
    }
}

/// A `MatrixView` without its type and lifetime.
@unsafe @usableFromInline
package struct MatrixMemory {
    package let memory: Memory
    package let rows: Int
    package let columns: Int
    package let rowStride: Int

    package init(_ memory: Memory, rows: Int, columns: Int, rowStride: Int) {
        unsafe self.memory = memory
        unsafe (self.rows, self.columns, self.rowStride) = (rows, columns, rowStride)
    }

    @usableFromInline
    package init<E>(_ memory: Memory, _ matrix: borrowing MatrixView<E>) {
        unsafe self.memory = memory
        unsafe (rows, columns, rowStride) = (matrix.rows, matrix.columns, matrix.rowStride)
    }
}

extension Memory {
    @inlinable
    package init<P: LossPrediction>(_ span: Span<P>) {
        let base = unsafe span.withUnsafeBufferPointer { unsafe UnsafeRawPointer($0.baseAddress) }
        unsafe self.init(base, P.predictionStorage, count: span.count)
    }

    @inlinable
    package init<T: LossTarget>(targets span: Span<T>) {
        let base = unsafe span.withUnsafeBufferPointer { unsafe UnsafeRawPointer($0.baseAddress) }
        unsafe self.init(base, T.targetStorage, count: span.count)
    }

    @inlinable
    init<P: LossPrediction>(_ buffer: UnsafeBufferPointer<P>) {
        unsafe self.init(UnsafeRawPointer(buffer.baseAddress), P.predictionStorage, count: buffer.count)
    }

    @inlinable
    init<T: LossTarget>(targets buffer: UnsafeBufferPointer<T>) {
        unsafe self.init(UnsafeRawPointer(buffer.baseAddress), T.targetStorage, count: buffer.count)
    }

    /// `count` bits of a span, which must have exactly the number of bytes that they take.
    @usableFromInline
    init(bits span: Span<UInt8>, count: Int, _ argument: String) throws(CrossEntropyError) {
        try checkCount(span.count, argument, (count + 7) / 8)
        let base = unsafe span.withUnsafeBufferPointer { unsafe UnsafeRawPointer($0.baseAddress) }
        unsafe self.init(base, LossStorage(dtype: .bit), count: count)
    }
}

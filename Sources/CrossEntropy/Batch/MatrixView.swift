// SPDX-License-Identifier: Apache-2.0

/// A view of numbers in memory as a matrix, stored row by row, with `rowStride` elements from the start of one row to
/// the start of the next. It owns no memory, and its lifetime does not exceed that of the span it is made of.
///
/// ```swift
/// let features = try MatrixView(x.span, rows: 569, columns: 30)
/// let left = try MatrixView(x.span, rows: 569, columns: 10, rowStride: 30)  // the first ten columns of it
/// let same = try MatrixView(row.span, rows: 569, columns: 30, rowStride: 0)  // one row, 569 times
/// ```
@frozen
public struct MatrixView<Element: BitwiseCopyable>: ~Escapable {
    public let elements: Span<Element>
    public let rows: Int
    public let columns: Int
    public let rowStride: Int

    /// - Parameters:
    ///   - elements: the numbers from the first element of the first row to the last element of the last row; more may
    ///     follow.
    ///   - rows: at least 0.
    ///   - columns: the number of elements per row, at least 0.
    ///   - rowStride: at least `columns`, which is the default; or 0, for a single row that is repeated `rows` times.
    /// - Throws: `CrossEntropyError.invalidOption` for a negative number of rows or columns, or a stride that is too
    ///   small; `.matrixTooLarge` for more than 2^56 elements; `.countMismatch` if the span has too few elements.
    @inlinable
    @_lifetime(copy elements)
    public init(
        _ elements: Span<Element>, rows: Int, columns: Int, rowStride: Int? = nil
    ) throws(CrossEntropyError) {
        let shape = try MatrixShape(rows, columns, rowStride, elements: elements.count, mayRepeat: true)
        (self.rows, self.columns) = (rows, columns)
        self.rowStride = shape.rowStride
        self.elements = elements
    }

    /// The elements of one row. The index must be at least 0 and less than `rows`; any other index ends the program, as
    /// with a span.
    @inlinable
    @_lifetime(copy self)
    public func row(_ index: Int) -> Span<Element> {
        precondition((0..<rows).contains(index), "there is no such row")
        // Rows without elements may start beyond the end of the span.
        let start = columns == 0 ? 0 : index * rowStride
        return elements.extracting(start..<start + columns)
    }
}

/// A `MatrixView` whose elements can be written.
@frozen
public struct MutableMatrixView<Element: BitwiseCopyable>: ~Copyable, ~Escapable {
    /// Must not be replaced elsewhere, because its length has been checked.
    @usableFromInline package var elements: MutableSpan<Element>
    public let rows: Int
    public let columns: Int
    public let rowStride: Int

    /// Elements between the rows are unchanged. Otherwise this is like `MatrixView.init(_:rows:columns:rowStride:)`,
    /// without a stride of 0.
    @inlinable
    @_lifetime(copy elements)
    public init(
        _ elements: consuming MutableSpan<Element>, rows: Int, columns: Int, rowStride: Int? = nil
    ) throws(CrossEntropyError) {
        let shape = try MatrixShape(rows, columns, rowStride, elements: elements.count, mayRepeat: false)
        (self.rows, self.columns) = (rows, columns)
        self.rowStride = shape.rowStride
        self.elements = elements
    }
}

/// Checks the sizes of a matrix.
@usableFromInline
struct MatrixShape {
    /// The number of elements that any matrix may have, even one that repeats a row: more than fit in memory, but so few
    /// that no size in bytes overflows.
    private static let limit = 1 << 56

    @usableFromInline let rowStride: Int

    @usableFromInline
    init(
        _ rows: Int, _ columns: Int, _ rowStride: Int?, elements: Int, mayRepeat: Bool
    ) throws(CrossEntropyError) {
        func check(_ value: Int, _ option: String, atLeast least: Int) throws(CrossEntropyError) {
            guard value >= least else {
                throw .invalidOption(option: option, value: Double(value), allowed: "at least \(least)")
            }
        }
        try check(rows, "rows", atLeast: 0)
        try check(columns, "columns", atLeast: 0)
        self.rowStride = rowStride ?? columns
        if !(mayRepeat && self.rowStride == 0) { try check(self.rowStride, "rowStride", atLeast: columns) }
        let longer = max(columns, self.rowStride)
        let (size, overflows) = max(1, rows).multipliedReportingOverflow(by: max(1, longer))
        guard !overflows, size <= Self.limit else {
            throw .matrixTooLarge(argument: "matrix", rows: rows, columns: longer, limit: Self.limit)
        }
        guard rows > 0, columns > 0 else { return }
        let needed = (rows - 1) * self.rowStride + columns
        guard elements >= needed else {
            throw .countMismatch(argument: "matrix", count: elements, expected: needed)
        }
    }
}

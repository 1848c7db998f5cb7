// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// The weights of a block as the kernels read them: one per element, the product of the weights of the element itself,
/// its row and its column.
struct WeightStaging {
    let slice: BatchSlice
    /// The type of the lanes.
    let type: DType
    let level: KernelLevel
    let room: Room

    /// The weights, and whether they were rounded to the lanes' type.
    func weights() -> (UnsafeRawPointer?, areRounded: Bool) {
        let type = commonType(slice.weights, slice.rowWeights, slice.columnWeights)
        return product(
            slice.weights?.converted(to: type, slice.count, room.weights, level),
            rowWeights(type), columnWeights(slice.columnWeights, room.columnWeights, type), type,
            room.weights)
    }

    func positiveWeights() -> UnsafeRawPointer? {
        let type = commonType(slice.positiveWeights, slice.positiveColumnWeights, nil)
        return product(
            slice.positiveWeights?.converted(to: type, slice.count, room.positiveWeights, level),
            nil, columnWeights(slice.positiveColumnWeights, room.positiveColumnWeights, type), type,
            room.positiveWeights
        ).0
    }

    /// The type that weights are converted to before they are multiplied: at least as wide as the lanes' type, so that
    /// no weight is rounded yet.
    private func commonType(_ a: Column?, _ b: Column?, _ c: Column?) -> DType {
        type == .double || a.isWide || b.isWide || c.isWide ? .double : .float
    }

    private func product(
        _ a: UnsafeRawPointer?, _ b: UnsafeRawPointer?, _ c: UnsafeRawPointer?, _ given: DType,
        _ place: UnsafeMutableRawPointer
    ) -> (UnsafeRawPointer?, areRounded: Bool) {
        guard let first = a ?? b ?? c else { return (nil, false) }
        let second = a != nil ? b ?? c : b != nil ? c : nil
        if second == nil, given == type { return (first, false) }
        var arguments = vk_multiply_weights_args(
            first: first, second: second, third: a != nil && b != nil ? c : nil, product: place,
            count: slice.count, is_double: type == .double, are_double: given == .double)
        arguments.run(level)
        return (UnsafeRawPointer(place), type == .float)
    }

    /// The weight of each element's row.
    private func rowWeights(_ type: DType) -> UnsafeRawPointer? {
        guard let rowWeights = slice.rowWeights else { return nil }
        let row = slice.first / slice.columns
        let rows = (slice.first + slice.count - 1) / slice.columns - row + 1
        var a = vk_repeat_rows_args(
            weights: rowWeights.from(row).converted(to: type, rows, room.results, level),
            to: room.rowWeights, columns: slice.columns, first_column: slice.first % slice.columns,
            count: slice.count, is_double: type == .double)
        a.run(level)
        return UnsafeRawPointer(room.rowWeights)
    }

    /// The weight of each element's column: in place if the slice is part of a long row, else converted once per column
    /// and then copied, twice as many each time.
    private func columnWeights(
        _ column: Column?, _ place: UnsafeMutableRawPointer, _ type: DType
    ) -> UnsafeRawPointer? {
        guard let column else { return nil }
        let first = slice.first % slice.columns
        if column.dtype == type, first + slice.count <= slice.columns { return column.from(first).base }
        let size = type.bytes(1)
        var written = 0
        while written < min(slice.count, slice.columns) {
            let start = (slice.first + written) % slice.columns
            let count = min(slice.count - written, slice.columns - start, slice.columns - written)
            copy(column.from(start), to: place + written * size, type, count, level)
            written += count
        }
        while written < slice.count {
            let count = min(slice.count - written, written / slice.columns * slice.columns)
            (place + written * size).copyMemory(from: place, byteCount: count * size)
            written += count
        }
        return UnsafeRawPointer(place)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels

/// What is written into the room beside converted arguments.
struct Wish {
    var coefficients = false
    var weight = false
    var predictions = false
    var targets = false
}

/// The weights of a block and its coefficients, in a room.
struct Staging {
    let slice: BatchSlice
    let operands: Operands
    let room: Room

    /// Stages what is wished for; returns the number of elements that count, and the sum of their weights.
    ///
    /// - Parameters:
    ///   - isExact: whether weights may be of any size.
    ///   - neutral: the prediction of an element that does not count.
    func stage(_ wish: Wish, isExact: Bool, neutral: Double) -> (count: Double, weight: Double) {
        var a = vk_stage_args(
            formula: operands.formula, predictions: operands.predictions, targets: operands.targets, weights: nil,
            row_weights: nil, column_weights: nil, positive_weights: nil, positive_column_weights: nil,
            mask: operands.mask, neutral: neutral, counted_predictions: nil, counted_targets: nil,
            positive: nil, negative: nil, weight: nil, count: operands.count,
            is_double: operands.isDouble,
            weights_are_double: weightType == .double, is_exact: isExact, counted: 0, weight_sum: 0)
        // Weights that are converted lie where a result follows that is made of them.
        a.weights = weights(slice.weights, room.weight)
        a.positive_weights = weights(slice.positiveWeights, room.negative)
        a.row_weights = repeatedRowWeights()
        a.column_weights = repeated(slice.columnWeights, room.columnWeights)
        a.positive_column_weights = repeated(slice.positiveColumnWeights, room.positiveColumnWeights)
        if wish.coefficients { (a.positive, a.negative) = (room.positive, room.negative) }
        if wish.weight { a.weight = room.weight }
        if wish.predictions { a.counted_predictions = room.predictions }
        if wish.targets { a.counted_targets = room.targets }
        a.run(operands.level)
        return (a.counted, a.weight_sum)
    }

    private var level: KernelLevel { operands.level }
    /// Not smaller than the lanes' type: a result is written over weights only when they have been read.
    private var weightType: DType { slice.hasDoubleWeights ? .double : operands.type }

    private func weights(_ column: Column?, _ place: UnsafeMutableRawPointer) -> UnsafeRawPointer? {
        column?.converted(to: weightType, slice.count, place, level)
    }

    /// The weight of each element's row.
    private func repeatedRowWeights() -> UnsafeRawPointer? {
        guard let rowWeights = slice.rowWeights else { return nil }
        let row = slice.first / slice.columns
        let rows = (slice.first + slice.count - 1) / slice.columns - row + 1
        var a = vk_repeat_rows_args(
            weights: rowWeights.from(row).converted(to: weightType, rows, room.results, level),
            to: room.positive, columns: slice.columns, first_column: slice.first % slice.columns,
            count: slice.count, is_double: weightType == .double)
        a.run(level)
        return UnsafeRawPointer(room.positive)
    }

    /// The weight of each element's column: converted once for each column, then copied, twice as many each time.
    private func repeated(_ column: Column?, _ place: UnsafeMutableRawPointer) -> UnsafeRawPointer? {
        guard let column else { return nil }
        let size = weightType.bytes(1)
        var written = 0
        while written < min(slice.count, slice.columns) {
            let start = (slice.first + written) % slice.columns
            let count = min(slice.count - written, slice.columns - start, slice.columns - written)
            copy(column.from(start), to: place + written * size, weightType, count, level)
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

extension BatchSlice {
    /// Whether weights are computed as Doubles from the beginning, which makes blocks half as long.
    var hasDoubleWeights: Bool {
        func isDouble(_ column: Column?) -> Bool { column.map { $0.dtype != .float } ?? false }
        return isDouble(weights) || isDouble(positiveWeights) || isDouble(rowWeights)
            || isDouble(columnWeights)
            || isDouble(positiveColumnWeights)
    }
}

extension Column {
    /// `count` elements as numbers of a type, or bytes: where they lie if they are, else in `place`.
    func converted(
        to type: DType, _ count: Int, _ place: UnsafeMutableRawPointer, _ level: KernelLevel
    ) -> UnsafeRawPointer {
        guard dtype != type else { return base }
        copy(self, to: place, type, count, level)
        return UnsafeRawPointer(place)
    }
}

/// Writes elements as numbers of a type, or bytes.
func copy(
    _ from: Column, to place: UnsafeMutableRawPointer, _ type: DType, _ count: Int, _ level: KernelLevel
) {
    var a = vk_convert_args(from: from, to_type: type, to: place, count: count)
    a.run(level)
}

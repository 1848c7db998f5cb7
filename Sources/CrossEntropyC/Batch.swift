// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface

/// The parts of a batch that are not optional.
struct Elements {
    let areLogits: Bool
    let predictions: Memory
    let targets: Memory

    @inline(__always)
    init(_ batch: ce_batch) throws {
        areLogits = try isLogits(batch.kind)
        guard batch.reserved == 0 else { throw InvalidArgument("reserved", "is not 0") }
        let count = try size(batch.count, "count")
        predictions = try Memory(
            batch.predictions, .predictions, areLogits ? "logits" : "probabilities", count: count)
        targets = try Memory(batch.targets, .targets, "targets", count: count)
    }
}

@inline(__always)
package func isLogits(_ kind: ce_prediction) throws -> Bool {
    let isLogits = Int(kind) == CE_LOGITS
    guard isLogits || Int(kind) == CE_PROBABILITIES else {
        throw InvalidArgument("kind", "is \(kind), expected CE_LOGITS or CE_PROBABILITIES")
    }
    return isLogits
}

extension ce_batch {
    /// Whether there are only predictions and targets, without a shape.
    @inline(__always)
    var isBare: Bool {
        columns == 0 && prediction_stride == 0 && target_stride == 0 && weights.isNone && row_weights.isNone
            && column_weights.isNone && positive_weights.isNone && positive_column_weights.isNone
            && mask.isNone
    }
}

extension ce_array {
    package var isNone: Bool { Int(type) == CE_NONE && data == nil }
}

extension BatchMemory {
    init(_ pointer: UnsafePointer<ce_batch>?) throws {
        let batch = try read(pointer, "batch")
        let elements = try Elements(batch)
        let (isLogits, predictions, targets) = (elements.areLogits, elements.predictions, elements.targets)
        let columns = try size(batch.columns, "columns")
        try self.init(logits: isLogits, predictions, targets, columns: columns == 0 ? nil : columns)
        if batch.prediction_stride != 0 || batch.target_stride != 0 {
            try self.init(
                logits: isLogits,
                MatrixMemory(
                    predictions, rows: rows, columns: self.columns,
                    rowStride: rowStride(
                        batch.prediction_stride, "prediction_stride", rows, self.columns, mayRepeat: true)),
                MatrixMemory(
                    targets, rows: rows, columns: self.columns,
                    rowStride: rowStride(
                        batch.target_stride, "target_stride", rows, self.columns, mayRepeat: true)))
        }
        try set(batch.weights, .weights, "weights", count)
        try set(batch.row_weights, .rowWeights, "row_weights", rows)
        try set(batch.column_weights, .columnWeights, "column_weights", self.columns)
        try set(batch.positive_weights, .positiveWeights, "positive_weights", count)
        try set(
            batch.positive_column_weights, .positiveColumnWeights, "positive_column_weights", self.columns)
        try set(batch.mask, .mask, "mask", count)
    }

    private mutating func set(_ array: ce_array, _ place: Place, _ argument: String, _ count: Int) throws {
        guard !array.isNone else { return }
        try set(Memory(array, place == .mask ? .mask : .weights, argument, count: count), place)
    }
}

/// For up to this many 64-bit elements, even the offset of a bit fits into an Int.
private let mostElements = 1 << 56

/// A number of elements.
package func size(_ count: Int64, _ option: String) throws -> Int {
    guard 0...mostElements ~= Int(count) else {
        throw CrossEntropyError.invalidOption(
            option: option, value: Double(count), allowed: "a number from 0 to 2^56")
    }
    return Int(count)
}

/// The number of elements from the start of one row to the start of the next, for rows of `columns` elements.
package func rowStride(
    _ stride: Int64, _ option: String, _ rows: Int, _ columns: Int, mayRepeat: Bool
) throws -> Int {
    if mayRepeat, Int(stride) == Int(CE_REPEATED) { return 0 }
    guard stride == 0 || stride >= columns else {
        throw CrossEntropyError.invalidOption(
            option: option, value: Double(stride),
            allowed: "0, \(mayRepeat ? "CE_REPEATED " : "")or at least \(columns)")
    }
    let used = stride == 0 ? columns : Int(stride)
    // The index of the last element must not be above the limit.
    let (start, overflows) = (max(rows, 1) - 1).multipliedReportingOverflow(by: used)
    guard !overflows, start <= mostElements - columns else {
        throw CrossEntropyError.matrixTooLarge(
            argument: option, rows: rows, columns: used, limit: mostElements)
    }
    return used
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

/// Memory for the arguments and results of a call, each between its own guard pages.
final class Arena {
    /// The size of the largest batch: rows of one element, with a stride of 4, about the size of a tile.
    private static let bytes = 8200 * 4 * 8

    let predictions = GuardedRegion(capacity: bytes)
    let targets = GuardedRegion(capacity: bytes)
    let elementWeights = GuardedRegion(capacity: bytes)
    let rowWeights = GuardedRegion(capacity: bytes)
    let columnWeights = GuardedRegion(capacity: bytes)
    let positiveWeights = GuardedRegion(capacity: bytes)
    let mask = GuardedRegion(capacity: bytes)
    let losses = GuardedRegion(capacity: bytes)
    let gradient = GuardedRegion(capacity: bytes)
    let hessian = GuardedRegion(capacity: bytes)

    var isIntact: Bool {
        [
            predictions, targets, elementWeights, rowWeights, columnWeights, positiveWeights, mask, losses,
            gradient,
            hessian,
        ].allSatisfy(\.isIntact)
    }
}

/// Elements of one type in guarded memory.
struct StoredColumn {
    let base: UnsafeMutableRawPointer
    let count: Int

    init<Element: BitwiseCopyable>(
        _ elements: [Element], in region: GuardedRegion, _ edge: GuardedRegion.Edge
    ) {
        count = elements.count
        base = region.place(count * MemoryLayout<Element>.stride, at: edge)
        elements.withUnsafeBytes {
            base.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(base), byteCount: $0.count)
        }
    }

    func elements<Element>(_: Element.Type) -> UnsafeBufferPointer<Element> {
        UnsafeBufferPointer(start: base.assumingMemoryBound(to: Element.self), count: count)
    }

    func mutable<Element>(_: Element.Type) -> UnsafeMutableBufferPointer<Element> {
        UnsafeMutableBufferPointer(start: base.assumingMemoryBound(to: Element.self), count: count)
    }
}

extension StoredColumn {
    init(_ column: WeightColumn, in region: GuardedRegion, _ edge: GuardedRegion.Edge) {
        if column.isFloat {
            self.init(column.values.map { Float($0) }, in: region, edge)
        } else {
            self.init(column.values, in: region, edge)
        }
    }

    init(
        _ predictions: [Double], _ type: PredictionType, in region: GuardedRegion, _ edge: GuardedRegion.Edge
    ) {
        switch type {
        case .float: self.init(predictions.map { Float($0) }, in: region, edge)
        case .double: self.init(predictions, in: region, edge)
        case .half: self.init(predictions.map { Float16($0) }, in: region, edge)
        case .bfloat16:
            self.init(
                predictions.map { BFloat16(bitPattern: UInt16(Float($0).bitPattern >> 16)) }, in: region, edge
            )
        }
    }

    init(targets: [Double], _ type: TargetType, in region: GuardedRegion, _ edge: GuardedRegion.Edge) {
        switch type {
        case .numbers(let type): self.init(targets, as: type, in: region, edge)
        case .bits: self.init(Self.packed(targets.map { $0 == 1 }), in: region, edge)
        }
    }

    private init<T: StoredTarget>(
        _ targets: [Double], as _: T.Type, in region: GuardedRegion, _ edge: GuardedRegion.Edge
    ) {
        self.init(targets.map { T(nearest: $0) }, in: region, edge)
    }

    init(mask: [Bool], _ type: MaskType, in region: GuardedRegion, _ edge: GuardedRegion.Edge) {
        switch type {
        case .bool: self.init(mask, in: region, edge)
        // Any byte except 0 counts.
        case .byte: self.init(mask.enumerated().map { $1 ? UInt8(1 + $0 % 255) : 0 }, in: region, edge)
        case .bits: self.init(Self.packed(mask), in: region, edge)
        }
    }

    /// The lowest bit of a byte comes first; the bits after the last one are set, because they must not matter.
    private static func packed(_ flags: [Bool]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xFF, count: (flags.count + 7) / 8)
        for index in flags.indices where !flags[index] { bytes[index / 8] &= ~(1 << UInt8(index % 8)) }
        return bytes
    }
}

/// Rows of a matrix with gaps between them, filled with a number that must not matter.
func withGaps(_ values: [Double], columns: Int, stride: Int, gap: Double) -> [Double] {
    guard stride != columns, columns > 0 else { return values }
    let rows = values.count / columns
    guard rows > 0 else { return values }
    var spread = [Double](repeating: gap, count: (rows - 1) * stride + columns)
    for row in 0..<rows {
        for column in 0..<columns { spread[row * stride + column] = values[row * columns + column] }
    }
    return spread
}

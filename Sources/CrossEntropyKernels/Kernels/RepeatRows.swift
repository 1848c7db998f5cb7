// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The weight of each row, repeated for each of the row's elements.
@c @implementation
func vk_repeat_rows(_ a: UnsafeMutablePointer<vk_repeat_rows_args>) {
    a.pointee.is_double ? repeatRows(a, Double.self) : repeatRows(a, Float.self)
}

/// A row is written in whole vectors; the excess is overwritten by the next row.
@inline(always)
private func repeatRows<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_repeat_rows_args>, _: S.Type) {
    let weights = a.pointee.weights.assumingMemoryBound(to: S.self)
    let output = a.pointee.to.assumingMemoryBound(to: S.self)
    var (row, index) = (0, 0)
    var end = min(a.pointee.count, a.pointee.columns &- a.pointee.first_column)
    while index < a.pointee.count {
        let weight = S.Lanes(repeating: weights[row])
        while index < end {
            weight.store(output, index)
            index &+= S.Lanes.count
        }
        (row, index) = (row &+ 1, end)
        end = min(a.pointee.count, end &+ a.pointee.columns)
    }
}

extension vk_repeat_rows_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_repeat_rows_at(level.instructionSet, &self) }
}

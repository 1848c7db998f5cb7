// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

extension Column {
    /// Whether a mask lets all of its first `count` elements through.
    package func letsAllThrough(_ count: Int, _ level: KernelLevel) -> Bool {
        dtype == .byte
            ? !vk_has_zero(base.assumingMemoryBound(to: UInt8.self), count)
            : !hasNumberOutside(1...1, count: count, level)
    }

    /// Whether any of `count` numbers is NaN or outside the bounds, which are Floats if the numbers are.
    package func hasNumberOutside(
        _ bounds: ClosedRange<Double>, count: Int, _ level: KernelLevel
    ) -> Bool {
        var search = Search(column: self, bounds: bounds, count: count, level: level)
        if dtype == .float || dtype == .double { return search.find(base, count, dtype) }
        withUnsafeMutablePointer(to: &search) {
            vk_with_room($0) { context, room in
                context.assumingMemoryBound(to: Search.self).pointee.run(in: Room(room))
            }
        }
        return search.isFound
    }
}

private struct Search {
    let column: Column
    let bounds: ClosedRange<Double>
    let count: Int
    let level: KernelLevel
    var isFound = false

    func find(_ numbers: UnsafeRawPointer, _ count: Int, _ type: DType) -> Bool {
        var a = vk_find_outside_args(
            numbers: numbers, lower: bounds.lowerBound, upper: bounds.upperBound, count: count,
            is_double: type == .double, found: false)
        a.run(level)
        return a.found
    }

    mutating func run(in room: Room) {
        let size = Room.elements(.float)
        for start in stride(from: 0, to: count, by: size) {
            let part = min(size, count - start)
            let numbers = column.from(start).converted(to: .float, part, room.predictions, level)
            isFound = find(numbers, part, .float)
            if isFound { return }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels
internal import CrossEntropyVectorMath

/// Memory in which a block of elements is prepared, before they are added to their groups.
@safe
struct GroupRoom: ~Copyable {
    private static var capacity: Int { unsafe GroupBlock.capacity }

    private let room: UnsafeMutableRawPointer
    /// Losses as the kernels write them, before they are converted to Double.
    private let results: UnsafeMutableRawPointer
    private let terms: UnsafeMutablePointer<SumTerm>
    private let losses, numbers: UnsafeMutablePointer<Double>
    private let targets: UnsafeMutablePointer<TargetUnits>
    private let groups: UnsafeMutablePointer<UInt32>
    private let mask: UnsafeMutableRawPointer

    init() {
        let capacity = Self.capacity
        unsafe room = .allocate(byteCount: capacity * (48 + 8 + 8 + 8 + 4 + 4 + 1), alignment: 64)
        unsafe terms = room.bindMemory(to: SumTerm.self, capacity: 3 * capacity)
        unsafe results = room + 48 * capacity
        unsafe losses = (room + 56 * capacity).bindMemory(to: Double.self, capacity: capacity)
        unsafe numbers = (room + 64 * capacity).bindMemory(to: Double.self, capacity: capacity)
        unsafe targets = (room + 72 * capacity).bindMemory(to: TargetUnits.self, capacity: capacity)
        unsafe groups = (room + 76 * capacity).bindMemory(to: UInt32.self, capacity: capacity)
        unsafe mask = room + 80 * capacity
    }

    deinit { unsafe room.deallocate() }

    /// Computes the losses of the elements of a slice.
    func stage(
        _ slice: BatchSlice, _ groups: GroupNumbers, _ evaluation: Evaluation, wantsWeights: Bool
    ) -> GroupBlock {
        let level = evaluation.level
        unsafe slice.write(Outputs(losses: results), evaluation.formula, level)
        let losses = unsafe Column(results, evaluation.batch.result)
            .converted(to: .double, slice.count, losses, level).assumingMemoryBound(to: Double.self)
        stageTargets(slice, evaluation)
        let staged = unsafe stageGroups(slice, groups, isByRow: evaluation.batch.rows > 1)
        if wantsWeights { stageWeights(slice, evaluation.batch) }
        return unsafe GroupBlock(
            losses: losses, targets: targets, groups: staged, weights: wantsWeights ? numbers : nil,
            terms: terms, count: slice.count, level: level)
    }

    private func stageTargets(_ slice: BatchSlice, _ evaluation: Evaluation) {
        let (count, formula) = unsafe (slice.count, evaluation.formula)
        let given = unsafe slice.targets.converted(to: .double, count, numbers, evaluation.level)
            .assumingMemoryBound(to: Double.self)
        for index in 0..<count { unsafe targets[index] = TargetUnits(given[index]) }
        if unsafe formula.pointee.hasMissing {
            for index in 0..<count where unsafe formula.pointee.isMissing(given[index]) {
                unsafe targets[index] = .ignored
            }
        }
        guard let mask = slice.mask else { return }
        let counts = unsafe mask.converted(to: .byte, count, self.mask, evaluation.level)
            .assumingMemoryBound(to: UInt8.self)
        for index in 0..<count where unsafe counts[index] == 0 { unsafe targets[index] = .ignored }
    }

    private func stageGroups(
        _ slice: BatchSlice, _ numbers: GroupNumbers, isByRow: Bool
    ) -> UnsafePointer<UInt32> {
        if !isByRow, let place = unsafe numbers.place(slice.first) { return unsafe place }
        if isByRow {
            slice.forEachRow { row, range in
                let number = unsafe UInt32(truncatingIfNeeded: numbers.number(row))
                for index in range { unsafe groups[index] = number }
            }
        } else {
            for index in 0..<slice.count {
                unsafe groups[index] = UInt32(truncatingIfNeeded: numbers.number(slice.first &+ index))
            }
        }
        return unsafe UnsafePointer(groups)
    }

    /// Computes the weight of each element. The products are rounded to Double in the order of the factors below.
    private func stageWeights(_ slice: BatchSlice, _ batch: BatchMemory) {
        for index in 0..<slice.count {
            unsafe numbers[index] = batch.weight * (slice.weights?.number(index) ?? 1)
        }
        guard slice.rowWeights != nil || slice.columnWeights != nil else { return }
        slice.forEachRow { row, range in
            let weight = slice.rowWeights?.number(row) ?? 1
            let column = slice.first + range.lowerBound - row * slice.columns
            for index in range {
                let columnWeight = slice.columnWeights?.number(column + index - range.lowerBound) ?? 1
                unsafe numbers[index] = numbers[index] * weight * columnWeight
            }
        }
    }
}

extension BatchSlice {
    /// Calls `body` with the number of each row, and with the elements of the slice that are part of it.
    fileprivate func forEachRow(_ body: (Int, Range<Int>) -> Void) {
        var start = 0
        while start < count {
            let row = (first + start) / columns
            let end = min(count, (row + 1) * columns - first)
            body(row, start..<end)
            start = end
        }
    }
}

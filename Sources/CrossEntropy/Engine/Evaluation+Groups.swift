// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels
internal import CrossEntropyVectorMath

extension Evaluation {
    /// Adds the loss of each element to the group of its row or, if there is one row, to its own group.
    ///
    /// Everything is checked first, because what has been added cannot be removed. Groups and targets are therefore
    /// read twice, which takes 0.6 ns per row.
    func add(_ groups: GroupNumbers, to total: inout GroupedLosses) throws(CrossEntropyError) {
        let groupCount = total.groupCount
        try checkCount(unsafe groups.count, "groups", batch.rows == 1 ? batch.count : batch.rows)
        try total.reserve(batch.count)
        try unsafe check(groups, groupCount)
        try refuse(if: mayHaveElementOutside)
        if hasWeights { total.keepWeights() }
        let keepsWeights = total.weights != nil
        // Few elements are added one by one, because emptying a slab visits every group.
        guard batch.count >= max(GroupSlab.fewestElements, 4 * groupCount) else {
            let room = GroupRoom()
            return forEachSlice(0..<batch.count) { slice in
                unsafe forEachBlock(slice, groups, in: room, wantsWeights: keepsWeights) {
                    unsafe total.add($0)
                }
            }
        }
        let slabSize = GroupSlab.size(groupCount: groupCount)
        let shared = Locked([GroupSlab]())
        schedule.runSlabs(ofTiles: max(1, slabSize / schedule.tile), threads: threads) { tiles in
            let room = GroupRoom()
            let slab =
                shared.withLock { $0.popLast() }
                ?? GroupSlab(groupCount: groupCount, keepsWeights: keepsWeights)
            for tile in tiles {
                forEachSlice(schedule.range(tile)) { slice in
                    unsafe forEachBlock(slice, groups, in: room, wantsWeights: keepsWeights) {
                        unsafe slab.add($0)
                    }
                }
            }
            shared.withLock {
                slab.drain(into: &total)
                $0.append(slab)
            }
        }
    }

    private func check(_ groups: GroupNumbers, _ groupCount: Int) throws(CrossEntropyError) {
        let outside = DomainFlag()
        let numbers = unsafe Schedule(count: groups.count, result: batch.result)
        numbers.run(threads: threads) { index in
            outside.raise(if: unsafe groups.hasNumberOutside(groupCount, numbers.range(index)))
        }
        guard outside.isRaised else { return }
        for index in unsafe 0..<groups.count {
            let number = unsafe groups.number(index)
            guard 0..<groupCount ~= number else { throw .noGroup("groups", index, number, groupCount) }
        }
    }

    /// Whether an element that counts may be outside its domain. The kernels that compute losses decide this. They are run
    /// only on slices that contain a number outside the domain, which may belong to an element that does not count.
    private var mayHaveElementOutside: Bool {
        guard checksDomains else { return false }
        let outside = DomainFlag()
        schedule.run(threads: threads) { index in
            forEachSlice(schedule.range(index)) { slice in
                outside.raise(if: isSuspect(slice) && sums(of: slice, wantsWeight: false).mayBeOutside)
            }
        }
        return outside.isRaised
    }

    private func forEachBlock(
        _ slice: BatchSlice, _ groups: GroupNumbers, in room: borrowing GroupRoom, wantsWeights: Bool,
        _ body: (GroupBlock) -> Void
    ) {
        for start in unsafe stride(from: 0, to: slice.count, by: GroupBlock.capacity) {
            let part = unsafe slice.part(start..<min(slice.count, start + GroupBlock.capacity))
            unsafe body(room.stage(part, groups, self, wantsWeights: wantsWeights))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyKernels

/// Elements that are ready to be added to their groups.
@unsafe
struct GroupBlock {
    static var capacity: Int { 1024 }

    let losses: UnsafePointer<Double>
    let targets: UnsafePointer<TargetUnits>
    let groups: UnsafePointer<UInt32>
    /// Nil if all weights, in this and all earlier batches, are 1.
    let weights: UnsafePointer<Double>?
    /// Room for three terms per element.
    let terms: UnsafeMutablePointer<SumTerm>
    let count: Int
    let level: KernelLevel

    /// How many elements ahead the sums of a group are fetched from memory. With 10^5 groups (12.8 MB) in random order,
    /// a row took 43 ns without fetching ahead, 13 to 18 ns with 16 elements, and 13 to 16 ns with 32 (one thread of a
    /// Zen 5 EPYC whose L3 cache was in use by other processes).
    private static var lookAhead: Int { 32 }

    /// Adds the losses and targets to the groups, and returns the number of elements that count.
    func add(to sums: UnsafeMutablePointer<GroupSums>) -> Int {
        unsafe prefetchFirst(of: sums)
        let squares = unsafe terms + Self.capacity
        unsafe terms.split(losses, count: count, level)
        unsafe squares.split(losses, times: losses, count: count, level)
        var counted = 0
        for index in unsafe 0..<count {
            unsafe prefetch(min(index &+ Self.lookAhead, count &- 1), of: sums)
            guard unsafe targets[index].counts else { continue }
            unsafe sums[Int(groups[index])].add(
                loss: terms[index], squaredLoss: squares[index], target: targets[index]
            ) { unsafe losses[index] }
            counted &+= 1
        }
        return counted
    }

    func addWeights(to sums: UnsafeMutablePointer<GroupWeights>) {
        guard let weights = unsafe weights else { return }
        unsafe prefetchFirst(of: sums)
        let (products, squares) = unsafe (terms + Self.capacity, terms + 2 * Self.capacity)
        unsafe terms.split(weights, count: count, level)
        unsafe products.split(weights, times: losses, count: count, level)
        unsafe squares.split(weights, times: weights, count: count, level)
        for index in unsafe 0..<count {
            unsafe prefetch(min(index &+ Self.lookAhead, count &- 1), of: sums)
            guard unsafe targets[index].counts else { continue }
            unsafe sums[Int(groups[index])].add(
                weight: terms[index], weightedLoss: products[index], squaredWeight: squares[index]
            ) { unsafe (weights[index], losses[index]) }
        }
    }

    /// Fetches the groups of the first elements, which no earlier element does. The losses are cut while these arrive.
    private func prefetchFirst<Sums>(of sums: UnsafeMutablePointer<Sums>) {
        for index in unsafe 0..<min(Self.lookAhead, count) { unsafe prefetch(index, of: sums) }
    }

    /// Fetches the cache lines of the sums of an element's group.
    @inline(always)
    func prefetch<Sums>(_ index: Int, of sums: UnsafeMutablePointer<Sums>) {
        let place = unsafe UnsafeRawPointer(sums + Int(groups[index]))
        for line in stride(from: 0, to: MemoryLayout<Sums>.stride, by: 64) {
            unsafe vk_prefetch(place + line)
        }
    }
}

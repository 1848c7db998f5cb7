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
    /// Nil if all weights are 1 and no element of any batch has had another weight.
    let weights: UnsafePointer<Double>?
    /// Room for two terms per element.
    let terms: UnsafeMutablePointer<SumTerm>
    let count: Int
    let level: KernelLevel

    /// How many elements ahead the sums of a group are fetched from memory. With 10^5 groups (12.8 MB), 10^7 rows cost
    /// TODO.
    private static var lookAhead: Int { 16 }

    /// Adds the losses and targets to the groups, and returns the number of elements that count.
    func add(to sums: UnsafeMutablePointer<GroupSums>) -> Int {
        let squares = unsafe terms + Self.capacity
        unsafe terms.split(losses, count: count, level)
        unsafe squares.split(losses, times: losses, count: count, level)
        var counted = 0
        for index in unsafe 0..<count {
            let ahead = unsafe sums + Int(groups[min(index &+ Self.lookAhead, count &- 1)])
            unsafe vk_prefetch(ahead)
            unsafe vk_prefetch(UnsafeRawPointer(ahead) + 64)
            let target = unsafe targets[index]
            guard target.counts else { continue }
            unsafe sums[Int(groups[index])].add(
                loss: terms[index], squaredLoss: squares[index], target: target
            ) { unsafe losses[index] }
            counted &+= 1
        }
        return counted
    }

    func addWeights(_ weights: UnsafePointer<Double>, to sums: UnsafeMutablePointer<GroupWeights>) {
        for index in unsafe 0..<count where unsafe targets[index].counts {
            unsafe sums[Int(groups[index])].add(weight: weights[index], loss: losses[index])
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// Elements that are ready to be added to their groups.
@unsafe
struct GroupBlock<S: LossScalar> {
    let losses: UnsafePointer<S>
    let targets: UnsafePointer<TargetUnits>
    let groups: UnsafePointer<UInt32>
    /// Nil if all weights are 1 and no element of any batch has had another weight.
    let weights: UnsafePointer<Double>?
    let count: Int

    /// How many elements ahead the sums of a group are fetched from memory. With 10^5 groups (12.8 MB), 10^7 rows cost
    /// TODO.
    private static var lookAhead: Int { 16 }

    /// Adds the losses and targets to the groups, and returns the number of elements that count.
    func add(to sums: UnsafeMutablePointer<GroupSums>) -> Int {
        var counted = 0
        for index in unsafe 0..<count {
            let ahead = unsafe sums + Int(groups[min(index &+ Self.lookAhead, count &- 1)])
            unsafe vk_prefetch(ahead)
            unsafe vk_prefetch(UnsafeRawPointer(ahead) + 64)
            let target = unsafe targets[index]
            guard target.counts else { continue }
            unsafe sums[Int(groups[index])].add(loss: Double(losses[index]), target: target)
            counted &+= 1
        }
        return counted
    }

    func addWeights(_ weights: UnsafePointer<Double>, to sums: UnsafeMutablePointer<GroupWeights>) {
        for index in unsafe 0..<count where unsafe targets[index].counts {
            unsafe sums[Int(groups[index])].add(weight: weights[index], loss: Double(losses[index]))
        }
    }
}

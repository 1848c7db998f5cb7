// SPDX-License-Identifier: Apache-2.0

/// The sums of each group over a range of consecutive elements, in Double. A slab is used by one thread at a time,
/// which adds the elements in order. The sums are then added to those of a `GroupedLosses`, in which the order
/// does not matter, so that the results do not depend on the threads. Without weights, a group of a slab takes a quarter
/// of the memory of one in a `GroupedLosses`, and memory is accessed in random order: with 10^5 groups, it is 3.2 MB for
/// each thread.
///
/// Error: the relative error of a sum of m values of one sign is below m 2^-53. A sum beyond the range of Double is
/// infinite.
@safe
final class GroupSlab: @unchecked Sendable {
    /// For each group, the number of its elements and the sums of their targets, losses and squared losses.
    private var sums = GroupTable<SIMD4<Double>>()
    /// For each group, the sums of the weights, of the products of weights and losses, and of the squared weights, and
    /// 0.
    private var weights: GroupTable<SIMD4<Double>>?

    /// The number of elements from which on a batch is added in slabs.
    static let fewestElements = 1 << 18

    /// The number of elements of a slab: at least eight per group, so that emptying the slab takes little time per
    /// element.
    static func size(groupCount: Int) -> Int {
        var size = 1 << 14
        while size < 8 * groupCount { size *= 2 }
        return size
    }

    init(groupCount: Int, keepsWeights: Bool) {
        sums.extend(to: groupCount, .zero)
        guard keepsWeights else { return }
        weights = GroupTable()
        weights?.extend(to: groupCount, .zero)
    }

    func add(_ block: GroupBlock) {
        unsafe sums.withElements { unsafe block.add(to: $0) }
        unsafe weights?.withElements { unsafe block.addWeights(to: $0) }
    }

    /// Adds the sums to those of `total`, and sets them to 0.
    func drain(into total: inout GroupedLosses) {
        let groups = 0..<total.groupCount
        unsafe sums.withElements { sums in
            unsafe weights?.withElements { weights in
                unsafe total.weights?.withElements { totals in
                    for group in groups where unsafe sums[group].x > 0 {
                        unsafe totals[group].add(weights[group], of: Int(sums[group].x))
                        unsafe weights[group] = .zero
                    }
                }
            }
            total.count += unsafe total.sums.withElements { totals in
                var count = 0
                for group in groups where unsafe sums[group].x > 0 {
                    unsafe totals[group].add(sums[group])
                    count += unsafe Int(sums[group].x)
                    unsafe sums[group] = .zero
                }
                return count
            }
        }
    }
}

extension GroupBlock {
    /// How many elements ahead the sums of a group are fetched from memory.
    private static var slabLookAhead: Int { 16 }

    fileprivate func add(to sums: UnsafeMutablePointer<SIMD4<Double>>) {
        for index in unsafe 0..<count {
            unsafe prefetch(min(index &+ Self.slabLookAhead, count &- 1), of: sums)
            guard unsafe targets[index].counts else { continue }
            let loss = unsafe losses[index]
            let sum = unsafe SIMD4(1, Double(targets[index].units), loss, loss * loss)
            unsafe sums[Int(groups[index])] += sum
        }
    }

    fileprivate func addWeights(to sums: UnsafeMutablePointer<SIMD4<Double>>) {
        guard let weights = unsafe weights else { return }
        for index in unsafe 0..<count where unsafe targets[index].counts {
            let (loss, weight) = unsafe (losses[index], weights[index])
            unsafe sums[Int(groups[index])] += SIMD4(weight, weight * loss, weight * weight, 0)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Sums of losses for each of many groups: one pass over the data gives every group its loss with a standard error.
///
/// ```swift
/// var byUser = GroupedLosses(groupCount: userCount)
/// for batch in batches { try bce.add(ArrayBatch(logits: batch.x, targets: batch.t), groups: batch.user, to: &byUser) }
/// print(byUser[3].mean, byUser[3].standardError(.mean))
/// ```
///
/// The sums are those of the losses that `BinaryCrossEntropy.losses(_:)` returns. They have the same bits for any
/// number of threads, and in whatever order batches are added and parts are merged. A loss below 2^-64 of the largest
/// one in its group may be left out of a sum.
///
/// A batch of at least 2^18 elements that has at least four per group is added faster: the losses of a group are first
/// added in Double, over at most 2^14 elements of the batch or 16 times `groupCount`, whichever is more. The last bits
/// then also depend on `groupCount`, and sums of weights or losses beyond the range of Double are infinite.
///
/// A group takes 128 bytes, or 320 once a batch with weights has been added.
///
/// The forms returned by ``MergeableSums/serialized()`` and by an encoder are exact. The former takes about 50 bytes
/// for each group that is not empty, or 110 with weights, and one byte for each empty group.
public struct GroupedLosses: MergeableSums {
    var sums = GroupTable<GroupSums>()
    /// Nil as long as every element has weight 1.
    var weights: GroupTable<GroupWeights>?
    /// The number of elements that count, in all groups.
    public internal(set) var count = 0

    /// Group numbers are staged as `UInt32`.
    package static let mostGroups = 1 << 31

    /// Creates empty groups, numbered from 0 to `groupCount` - 1.
    ///
    /// - Parameter groupCount: 0 to 2^31; any other value is a programming error, like a negative count of an array.
    public init(groupCount: Int) {
        extend(to: groupCount)
    }

    /// The number of groups.
    public var groupCount: Int { sums.count }

    /// Adds empty groups until there are `groupCount` of them. Groups are never removed.
    ///
    /// - Parameter groupCount: at most 2^31.
    public mutating func extend(to groupCount: Int) {
        precondition(
            0...Self.mostGroups ~= groupCount, "the number of groups is \(groupCount), not 0 to 2^31")
        sums.extend(to: groupCount, GroupSums())
        weights?.extend(to: groupCount, GroupWeights(ones: GroupSums()))
    }

    /// The sums of one group.
    ///
    /// - Parameter group: a number from 0 to `groupCount` - 1; any other number is a programming error, as it is for an
    ///   array.
    public subscript(group: Int) -> GroupLoss {
        GroupLoss(sums: sums[group], weights: groupWeights(group))
    }

    /// Adds group i of `other` to group i, after adding empty groups if `other` has more.
    ///
    /// - Throws: `CrossEntropyError.tooManyElements` if the combined count exceeds 2^42; in that case nothing changes.
    public mutating func merge(_ other: GroupedLosses) throws(CrossEntropyError) {
        try reserve(other.count)
        extend(to: other.groupCount)
        add(other, as: 0..<other.groupCount)
    }

    /// Adds group i of `other` to group `numbers[i]`, for parts of the data that have numbered their groups separately.
    /// Several groups may be added to the same one.
    ///
    /// - Parameters:
    ///   - other: the losses that are added.
    ///   - numbers: one number for each group of `other`, from 0 to `groupCount` - 1.
    /// - Throws: `CrossEntropyError.countMismatch` and `.valueOutOfDomain` for the numbers, and `.tooManyElements` if
    ///   the combined count exceeds 2^42; in that case nothing changes.
    public mutating func merge(_ other: GroupedLosses, as numbers: [Int]) throws(CrossEntropyError) {
        try checkCount(numbers.count, "numbers", other.groupCount)
        if let index = numbers.firstIndex(where: { !(0..<groupCount ~= $0) }) {
            throw .noGroup("numbers", index, numbers[index], groupCount)
        }
        try reserve(other.count)
        add(other, as: numbers)
    }

    /// - Parameter numbers: numbers of groups, one for each group of `other`.
    private mutating func add(_ other: GroupedLosses, as numbers: some Sequence<Int>) {
        if other.weights != nil { keepWeights() }
        unsafe sums.withElements { sums in
            for (index, number) in numbers.enumerated() { unsafe sums[number].add(other.sums[index]) }
        }
        unsafe weights?.withElements { weights in
            for (index, number) in numbers.enumerated() {
                unsafe weights[number].add(other.groupWeights(index))
            }
        }
        count += other.count
    }

    private func groupWeights(_ group: Int) -> GroupWeights {
        weights?[group] ?? GroupWeights(ones: sums[group])
    }

    /// Keeps the sums of weights from now on. Elements that have already been added have weight 1.
    mutating func keepWeights() {
        guard weights == nil else { return }
        var table = GroupTable<GroupWeights>()
        table.extend(to: groupCount, GroupWeights(ones: GroupSums()))
        unsafe table.withElements { table in
            for group in 0..<groupCount where sums[group].count > 0 {
                unsafe table[group] = GroupWeights(ones: sums[group])
            }
        }
        weights = table
    }

    /// Checks that the count, and therefore the count of each group, will not be too large if `added` elements are
    /// added.
    func reserve(_ added: Int) throws(CrossEntropyError) {
        guard added <= ReproducibleSum.mostTerms - count else {
            throw .tooManyElements(argument: "groups", count: count, added: added)
        }
    }

    /// Adds a block of elements whose groups have been checked.
    mutating func add(_ block: GroupBlock) {
        unsafe weights?.withElements { unsafe block.addWeights(to: $0) }
        count += unsafe sums.withElements { unsafe block.add(to: $0) }
    }
}

extension GroupedLosses: Equatable {
    /// Weights that are all 1 are equal to no weights.
    public static func == (a: GroupedLosses, b: GroupedLosses) -> Bool {
        guard a.sums == b.sums else { return false }
        if a.weights == nil, b.weights == nil { return true }
        return (0..<a.groupCount).allSatisfy { a[$0] == b[$0] }
    }
}

extension CrossEntropyError {
    static func noGroup(
        _ argument: String, _ index: Int, _ number: Int, _ groupCount: Int
    ) -> CrossEntropyError {
        .valueOutOfDomain(
            argument: argument, index: index, value: Double(number), domain: "[0, \(groupCount))")
    }
}

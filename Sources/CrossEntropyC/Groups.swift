// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface

typealias Groups = Object<GroupedLosses>

@c @implementation
public func ce_groups_create(
    _ groupCount: Int64, _ groups: UnsafeMutablePointer<OpaquePointer?>?
) -> ce_status {
    attempt { try Groups.create(GroupedLosses(groupCount: number(ofGroups: groupCount)), groups, "groups") }
}

@c @implementation
public func ce_groups_destroy(_ groups: OpaquePointer?) { Groups.destroy(groups) }

@c @implementation
public func ce_groups_extend(_ groups: OpaquePointer?, _ groupCount: Int64) -> ce_status {
    attempt {
        let groupCount = try number(ofGroups: groupCount)
        try Groups.at(groups, "groups").change { $0.extend(to: groupCount) }
    }
}

@c @implementation
public func ce_groups_add(
    _ groups: OpaquePointer?, _ options: UnsafePointer<ce_options>?, _ batch: UnsafePointer<ce_batch>?,
    _ type: ce_type, _ numbers: UnsafeRawPointer?, _ count: Int64
) -> ce_status {
    attempt {
        let (options, batch) = try (BinaryCrossEntropy(options), BatchMemory(batch))
        let (storage, bytes) = try groupStorage(type)
        let count = try size(count, "number_count")
        try check(numbers, "numbers", count: count, alignment: bytes)
        let given = GroupNumbers(numbers, storage, count: count)
        try Groups.at(groups, "groups").change { try options.add(batch, given, to: &$0) }
    }
}

@c @implementation
public func ce_groups_merge(
    _ groups: OpaquePointer?, _ other: OpaquePointer?, _ numbers: UnsafePointer<Int64>?, _ count: Int64
) -> ce_status {
    attempt {
        let added = try Groups.at(other, "other").current
        let groups = try Groups.at(groups, "groups")
        guard let numbers else { return try groups.change { try $0.merge(added) } }
        try check(numbers, "numbers", count: 1, alignment: MemoryLayout<Int64>.alignment)
        // Before the numbers are copied, because a count that is wrong may be larger than any memory.
        try checkCount(size(count, "number_count"), "numbers", added.groupCount)
        let given = UnsafeBufferPointer(start: numbers, count: added.groupCount)
        try groups.change { try $0.merge(added, as: given.map { Int($0) }) }
    }
}

@c @implementation
public func ce_groups_count(
    _ groups: OpaquePointer?, _ groupCount: UnsafeMutablePointer<Int64>?,
    _ elementCount: UnsafeMutablePointer<Int64>?
) -> ce_status {
    attempt {
        let losses = try Groups.at(groups, "groups").current
        let groupCount = try groupCount.map { try output($0, "group_count") }
        let elementCount = try elementCount.map { try output($0, "element_count") }
        groupCount?.pointee = Int64(losses.groupCount)
        elementCount?.pointee = Int64(losses.count)
    }
}

@c @implementation
public func ce_groups_losses(
    _ groups: OpaquePointer?, _ first: Int64, _ count: Int64, _ lossSize: Int,
    _ losses: UnsafeMutablePointer<ce_group_loss>?
) -> ce_status {
    attempt {
        let sums = try Groups.at(groups, "groups").current
        let (first, count) = try (size(first, "first"), size(count, "count"))
        try checkSize(lossSize, "loss_size", ce_group_loss.self)
        guard first + count <= sums.groupCount else {
            throw CrossEntropyError.countMismatch(
                argument: "groups", count: sums.groupCount, expected: first + count)
        }
        try check(losses, "losses", count: count, alignment: MemoryLayout<ce_group_loss>.alignment)
        for index in 0..<count { losses![index] = ce_group_loss(sums[first + index]) }
    }
}

extension ce_group_loss {
    fileprivate init(_ group: GroupLoss) {
        self.init(
            count: Int64(group.count), target_sum: group.targetSum, weight_sum: group.weightSum,
            sum: group.sum,
            mean: group.mean, mean_error: group.standardError(.mean),
            weighted_mean: group.loss(.weightedMean),
            weighted_mean_error: group.standardError(.weightedMean))
    }
}

private func number(ofGroups count: Int64) throws -> Int {
    guard 0...GroupedLosses.mostGroups ~= Int(count) else {
        throw CrossEntropyError.invalidOption(
            option: "group_count", value: Double(count), allowed: "a number from 0 to 2^31")
    }
    return Int(count)
}

private func groupStorage(_ type: ce_type) throws -> (GroupStorage, bytes: Int) {
    switch Int(type) {
    case CE_UINT8: (.uint8, 1)
    case CE_UINT16: (.uint16, 2)
    case CE_UINT32: (.uint32, 4)
    case CE_INT32: (.int32, 4)
    case CE_INT64: (.int, 8)
    default:
        throw InvalidArgument(
            "numbers", "have type \(type), expected CE_UINT8, CE_UINT16, CE_UINT32, CE_INT32 or CE_INT64")
    }
}

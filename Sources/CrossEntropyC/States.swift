// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface

extension Object where Value: MergeableSums {
    /// Stores the size of the state and, unless `state` is null, writes the state there.
    static func serialize(
        _ handle: OpaquePointer?, _ argument: String, into state: UnsafeMutableRawPointer?, _ room: Int64,
        _ size: UnsafeMutablePointer<Int64>?
    ) throws {
        let size = try output(size, "size")
        let bytes = try at(handle, argument).current.serialized()
        size.pointee = Int64(bytes.count)
        guard let state else { return }
        guard room >= bytes.count else {
            throw CrossEntropyError.outputTooShort(argument: "state", count: Int(room), needed: bytes.count)
        }
        UnsafeMutableRawBufferPointer(start: state, count: bytes.count).copyBytes(from: bytes)
    }

    static func deserialize(
        _ state: UnsafeRawPointer?, _ size: Int64, into handle: UnsafeMutablePointer<OpaquePointer?>?,
        _ argument: String
    ) throws {
        let count = try CrossEntropyC.size(size, "size")
        try check(state, "state", count: count, alignment: 1)
        let bytes = UnsafeRawBufferPointer(start: state, count: count).bindMemory(to: UInt8.self)
        try create(Value(serialized: Span(_unsafeElements: bytes)), handle, argument)
    }
}

@c @implementation
public func ce_accumulator_serialize(
    _ accumulator: OpaquePointer?, _ state: UnsafeMutableRawPointer?, _ room: Int64,
    _ size: UnsafeMutablePointer<Int64>?
) -> ce_status {
    attempt { try Accumulator.serialize(accumulator, "accumulator", into: state, room, size) }
}

@c @implementation
public func ce_accumulator_deserialize(
    _ state: UnsafeRawPointer?, _ size: Int64, _ accumulator: UnsafeMutablePointer<OpaquePointer?>?
) -> ce_status {
    attempt { try Accumulator.deserialize(state, size, into: accumulator, "accumulator") }
}

@c @implementation
public func ce_groups_serialize(
    _ groups: OpaquePointer?, _ state: UnsafeMutableRawPointer?, _ room: Int64,
    _ size: UnsafeMutablePointer<Int64>?
) -> ce_status {
    attempt { try Groups.serialize(groups, "groups", into: state, room, size) }
}

@c @implementation
public func ce_groups_deserialize(
    _ state: UnsafeRawPointer?, _ size: Int64, _ groups: UnsafeMutablePointer<OpaquePointer?>?
) -> ce_status {
    attempt { try Groups.deserialize(state, size, into: groups, "groups") }
}

@c @implementation
public func ce_evaluation_serialize(
    _ evaluation: OpaquePointer?, _ state: UnsafeMutableRawPointer?, _ room: Int64,
    _ size: UnsafeMutablePointer<Int64>?
) -> ce_status {
    attempt { try Evaluation.serialize(evaluation, "evaluation", into: state, room, size) }
}

@c @implementation
public func ce_evaluation_deserialize(
    _ state: UnsafeRawPointer?, _ size: Int64, _ evaluation: UnsafeMutablePointer<OpaquePointer?>?
) -> ce_status {
    attempt { try Evaluation.deserialize(state, size, into: evaluation, "evaluation") }
}

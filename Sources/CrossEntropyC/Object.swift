// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface

/// What a handle in C points to: a value that one thread at a time changes or reads.
package final class Object<Value: Sendable>: Sendable {
    private let value: Locked<Value>

    private init(_ value: Value) { self.value = Locked(value) }

    /// Stores the handle of a new object, which owns it.
    package static func create(
        _ value: Value, _ handle: UnsafeMutablePointer<OpaquePointer?>?, _ argument: String
    ) throws {
        let handle = try output(handle, argument)
        handle.pointee = OpaquePointer(Unmanaged.passRetained(Object(value)).toOpaque())
    }

    package static func destroy(_ handle: OpaquePointer?) {
        if let handle { Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).release() }
    }

    /// The object of a handle.
    package static func at(_ handle: OpaquePointer?, _ argument: String) throws -> Object {
        guard let handle else { throw InvalidArgument(argument, "is a null pointer") }
        return Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
    }

    /// A copy of the value. Two objects are never locked at the same time, so merging an object with itself, or two
    /// objects with each other in two threads, cannot wait forever.
    var current: Value { value.withLock { $0 } }

    package func change(_ body: (inout Value) throws -> Void) rethrows {
        try value.withLock { value throws in try body(&value) }
    }
}

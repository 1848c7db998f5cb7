// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface

/// The object that a handle in C points to. It holds a value to which one thread has access at a time.
package final class Object<Value: Sendable>: Sendable {
    private let value: Locked<Value>

    private init(_ value: Value) { self.value = Locked(value) }

    /// Stores the handle of a new object. The object lives until `destroy` is called with the handle.
    package static func create(
        _ value: Value, _ handle: UnsafeMutablePointer<OpaquePointer?>?, _ argument: String
    ) throws {
        let handle = try output(handle, argument)
        handle.pointee = OpaquePointer(Unmanaged.passRetained(Object(value)).toOpaque())
    }

    package static func destroy(_ handle: OpaquePointer?) {
        if let handle { Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).release() }
    }

    /// The object that a handle points to.
    package static func at(_ handle: OpaquePointer?, _ argument: String) throws -> Object {
        guard let handle else { throw InvalidArgument(argument, "is a null pointer") }
        return Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
    }

    /// A copy of the value. A merge copies the value of one object before it locks the other one. No thread therefore
    /// holds two locks, so merging an object with itself, or two objects with each other in two threads, cannot
    /// deadlock.
    var current: Value { value.withLock { $0 } }

    package func change(_ body: (inout Value) throws -> Void) rethrows {
        try value.withLock { value throws in try body(&value) }
    }
}

// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A value that is protected by a mutex of the C library.
///
/// The standard library's `Mutex` (Swift 6.3, Linux) does not work in the child of a fork. It stores the ID of the
/// thread that holds it, and Swift reads that ID from the system only once per thread. The first thread of the child
/// still has the cached ID of the parent's thread, and stores this wrong ID. When another thread of the child then has
/// to wait for the mutex, the process ends with "Unknown error occurred while attempting to acquire a Mutex".
@safe
package final class Locked<Value>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    package init(_ value: Value) {
        unsafe mutex = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        self.value = value
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    package func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        _ = unsafe pthread_mutex_lock(mutex)
        defer { _ = unsafe pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}

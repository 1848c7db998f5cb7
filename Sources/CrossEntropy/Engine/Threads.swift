// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A mutex with a condition variable, from the C library because these can be initialized again in the child of a fork.
@safe
package final class Condition: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    package init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        renew()
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe pthread_cond_destroy(condition)
        unsafe mutex.deallocate()
        unsafe condition.deallocate()
    }

    /// Initializes both again, without the holder and waiters they had, which are threads that no longer exist.
    func renew() {
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    package func lock() { _ = unsafe pthread_mutex_lock(mutex) }

    package func unlock() { _ = unsafe pthread_mutex_unlock(mutex) }

    package func wait() { _ = unsafe pthread_cond_wait(condition, mutex) }

    package func signal() { _ = unsafe pthread_cond_signal(condition) }

    package func broadcast() { _ = unsafe pthread_cond_broadcast(condition) }
}

/// Starts a thread that runs `body` with all signals blocked, because signals belong to the program. Returns false if
/// the system cannot start a thread.
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))

    var (all, before) = (sigset_t(), sigset_t())
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }

    typealias Body = @Sendable () -> Void
    let start = UnsafeMutablePointer<Body>.allocate(capacity: 1)
    unsafe start.initialize(to: body)
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    let error = unsafe pthread_create(
        &thread, &attributes,
        { context in
            #if canImport(Darwin)
                let start = unsafe context.assumingMemoryBound(to: Body.self)
            #else
                let start = unsafe context!.assumingMemoryBound(to: Body.self)
            #endif
            let body = unsafe start.move()
            unsafe start.deallocate()
            body()
            return nil
        }, start)
    guard error != 0 else { return true }
    unsafe start.deinitialize(count: 1)
    unsafe start.deallocate()
    return false
}

// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Makes `fork` safe at any time, as OpenBLAS does. The pool's lock is held during the fork, so the child never
/// inherits a lock that another thread of the parent held, and the child begins with its own pool. This is needed for
/// Python's multiprocessing, which forks.
func registerForkHandlers() {
    pthread_atfork(
        { WorkerPool.shared.prepareForFork() }, { WorkerPool.shared.continueInParent() },
        {
            WorkerPool.shared.beginInChild()
            Cores.forget()
        })
}

// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Makes `fork` safe at any moment, as OpenBLAS does: the pool's lock is held across it, so that the child never inherits
/// one that a thread of the parent held, and the child begins with a pool of its own. Python's multiprocessing forks.
func registerForkHandlers() {
    pthread_atfork(
        { WorkerPool.shared.prepareForFork() }, { WorkerPool.shared.continueInParent() },
        {
            WorkerPool.shared.beginInChild()
            Cores.forget()
        })
}

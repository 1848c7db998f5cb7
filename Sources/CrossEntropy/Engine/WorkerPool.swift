// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Threads that help the calling thread: one fewer than there are cores, started by the first call that is large enough
/// to benefit.
///
/// After a job, they look for the next one for `spinMicroseconds` before they sleep, and meanwhile yield their core to
/// any thread that wants it. Waking a sleeping thread takes 50 microseconds here, half the time of a job of 2^20
/// logits; in a training loop the threads are still awake. (Dispatch does not wait like this: with it, two threads were
/// 1.0 to 1.4 times as fast as one at 2^20 logits.)
///
/// There is one job at a time. A caller that finds another job running works alone, because the cores are in use. A
/// helper that wakes late finds the job closed, and no caller waits for it.
///
/// A child of `fork` has none of these threads, whatever they and other callers were doing. It begins with a new pool
/// and starts its own helpers (see `Fork.swift`).
@safe
final class WorkerPool: @unchecked Sendable {
    static let shared = WorkerPool()

    /// How long a helper looks for another job before it sleeps.
    private static let spinMicroseconds = 200

    /// The number of tiles that a thread takes at a time. At 2^20 logits, two threads were 1.6 times as fast as one
    /// with 8 pieces and 1.8 times with 2, because all threads wait for the last one to finish (Zen 5 EPYC).
    static let tilesAtATime = 2

    /// Helpers may read this between entering a job and leaving it; the caller writes it only while no helper has
    /// entered.
    private var job: UnsafePointer<Job>?
    private let next = Atomic(0)

    private let isTaken = Atomic(false)
    private let state = Atomic<UInt64>(0)
    private let sleepers = Atomic(0)
    private let lock = Condition()
    private var isStarted = false

    private struct Job {
        let body: (Int) -> Void
        let pieces: Int
        let piecesAtATime: Int
        let helpers: Int
    }

    private init() { registerForkHandlers() }

    /// Runs `body` once for each of 0 to `pieces` - 1, in any order, on at most `threads` threads.
    ///
    /// - Parameter piecesAtATime: how many consecutive pieces a thread takes.
    func run(pieces: Int, threads: Int, piecesAtATime: Int, _ body: (Int) -> Void) {
        guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
            for index in 0..<pieces { body(index) }
            return
        }
        start()
        withoutActuallyEscaping(body) { body in
            var job = Job(
                body: body, pieces: pieces, piecesAtATime: piecesAtATime, helpers: threads - 1)
            unsafe withUnsafePointer(to: &job) { job in unsafe run(job) }
        }
        isTaken.store(false, ordering: .releasing)
    }

    @unsafe
    private func run(_ job: UnsafePointer<Job>) {
        unsafe self.job = job
        next.store(0, ordering: .relaxed)
        state.wrappingAdd(JobState.oneJob | JobState.open, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
            lock.lock()
            lock.broadcast()
            lock.unlock()
        }
        unsafe work(job)
        state.bitwiseAnd(~JobState.open, ordering: .acquiringAndReleasing)
        while state.load(ordering: .acquiring) & JobState.entered != 0 { sched_yield() }
        unsafe self.job = nil
    }

    /// Takes some pieces at a time until none is left. A thread whose core is busy with other work takes fewer.
    @unsafe
    private func work(_ job: UnsafePointer<Job>) {
        let (pieces, stride) = unsafe (job.pointee.pieces, job.pointee.piecesAtATime)
        while true {
            let first = next.wrappingAdd(stride, ordering: .relaxed).oldValue
            guard first < pieces else { return }
            for index in first..<min(pieces, first + stride) { unsafe job.pointee.body(index) }
        }
    }

    /// If the system refuses to start a thread, the caller has fewer helpers, or none.
    private func start() {
        guard !isStarted else { return }
        isStarted = true
        for index in 0..<Cores.available - 1 {
            let isRunning = startThread(argument: index) { WorkerPool.shared.help($0) }
            guard isRunning else { return }
        }
    }

    private func help(_ index: Int) {
        var last: UInt64 = 0
        while true {
            let now = awaitJob(after: last)
            last = JobState.job(now)
            guard enter(last) else { continue }
            if let job = unsafe job, unsafe index < job.pointee.helpers { unsafe work(job) }
            state.wrappingSubtract(1, ordering: .releasing)
        }
    }

    /// Counts this thread as a helper of the job, unless the job is closed; returns whether it was counted.
    private func enter(_ job: UInt64) -> Bool {
        var seen = state.load(ordering: .acquiring)
        while JobState.job(seen) == job, seen & JobState.open != 0 {
            let (exchanged, original) = state.weakCompareExchange(
                expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
            if exchanged { return true }
            seen = original
        }
        return false
    }

    /// Waits until the current job is no longer `last`, and returns the state.
    private func awaitJob(after last: UInt64) -> UInt64 {
        let end = Self.microseconds + Self.spinMicroseconds
        while Self.microseconds < end {
            let now = state.load(ordering: .acquiring)
            if JobState.job(now) != last { return now }
            sched_yield()
        }
        lock.lock()
        defer { lock.unlock() }
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        defer { sleepers.wrappingSubtract(1, ordering: .relaxed) }
        while true {
            let now = state.load(ordering: .sequentiallyConsistent)
            if JobState.job(now) != last { return now }
            lock.wait()
        }
    }
}

extension WorkerPool {
    /// The time since an arbitrary start. `ContinuousClock` is not used because it links the concurrency library, which
    /// adds 0.5 MB to a program that contains its own copy of the Swift runtime.
    private static var microseconds: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    /// Takes the lock before a fork, so that no other thread holds it at that moment.
    func prepareForFork() { lock.lock() }

    func continueInParent() { lock.unlock() }

    /// Resets the pool to one without threads, and without a job that another thread of the parent may have had.
    func beginInChild() {
        lock.renew()
        unsafe job = nil
        isStarted = false
        sleepers.store(0, ordering: .relaxed)
        state.store(0, ordering: .relaxed)
        isTaken.store(false, ordering: .relaxed)
    }
}

/// One word with the number of the job, whether it is open to helpers, and how many have entered.
private enum JobState {
    static let entered: UInt64 = 0xffff
    static let open: UInt64 = 0x1_0000
    static let oneJob: UInt64 = 0x2_0000
    static func job(_ state: UInt64) -> UInt64 { state / oneJob }
}

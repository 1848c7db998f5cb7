// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Threads that help the calling one: one less than there are cores, started by the first call that is worth it.
///
/// After a job they look for the next for `spinMicroseconds` before they sleep, and yield their core meanwhile to any
/// thread that wants it. Waking a sleeping thread takes 50 microseconds here, half of a job of 2^20 logits; a training
/// loop finds them awake. (Dispatch has no such patience: with it two threads were 1.0 to 1.4 times as fast as one at
/// 2^20.)
///
/// There is one job at a time: a caller that finds another job running works alone, as the cores are taken. A helper that
/// wakes late finds the job closed, and no caller waits for it.
///
/// A child of `fork` has none of these threads, whatever they and other callers were doing: it begins with a new pool,
/// and starts helpers of its own (see `Fork.swift`).
@safe
final class WorkerPool: @unchecked Sendable {
    static let shared = WorkerPool()

    /// For how long a helping thread looks for another job before it sleeps.
    private static let spinMicroseconds = 200

    /// Pieces that a thread takes at a time: with 8, at 2^20 logits two threads were 1.6 times as fast as one, with 2 1.8,
    /// since all wait for the last to finish (Zen 5 EPYC).
    private static let piecesAtATime = 2

    /// What helpers may read between entering a job and leaving it, and the caller writes while none has entered.
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
        let helpers: Int
    }

    private init() { registerForkHandlers() }

    /// Runs `body` for 0 to `pieces` - 1, each once, in any order, on at most `threads` threads.
    func run(pieces: Int, threads: Int, _ body: (Int) -> Void) {
        guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
            for index in 0..<pieces { body(index) }
            return
        }
        start()
        withoutActuallyEscaping(body) { body in
            var job = Job(body: body, pieces: pieces, helpers: threads - 1)
            unsafe withUnsafePointer(to: &job) { job in unsafe run(job) }
        }
        isTaken.store(false, ordering: .releasing)
    }

    @unsafe
    private func run(_ job: UnsafePointer<Job>) {
        unsafe self.job = job
        next.store(0, ordering: .relaxed)
        state.wrappingAdd(JobState.oneJob | JobState.open, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 { lock.wakeAll() }
        unsafe work(job)
        state.bitwiseAnd(~JobState.open, ordering: .acquiringAndReleasing)
        while state.load(ordering: .acquiring) & JobState.entered != 0 { sched_yield() }
        unsafe self.job = nil
    }

    /// Takes some pieces at a time until none is left: a core that is disturbed takes fewer.
    @unsafe
    private func work(_ job: UnsafePointer<Job>) {
        let stride = Self.piecesAtATime
        let pieces = unsafe job.pointee.pieces
        while true {
            let first = next.wrappingAdd(stride, ordering: .relaxed).oldValue
            guard first < pieces else { return }
            for index in first..<min(pieces, first + stride) { unsafe job.pointee.body(index) }
        }
    }

    /// A system that refuses a thread leaves the caller with fewer helpers, or none.
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

    /// Counts this thread in, unless the job is closed.
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

    /// The state once there is another job than `last`.
    private func awaitJob(after last: UInt64) -> UInt64 {
        let clock = ContinuousClock()
        let start = clock.now
        while clock.now - start < .microseconds(Self.spinMicroseconds) {
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
    /// Before a fork: no thread holds the lock, or waits for it, at that moment.
    func prepareForFork() { lock.lock() }

    func continueInParent() { lock.unlock() }

    /// A pool without threads, and without the job that another thread of the parent may have had.
    func beginInChild() {
        lock.renew()
        unsafe job = nil
        isStarted = false
        sleepers.store(0, ordering: .relaxed)
        state.store(0, ordering: .relaxed)
        isTaken.store(false, ordering: .relaxed)
    }
}

/// One word: the number of the job, whether it is open to helpers, and how many have entered.
private enum JobState {
    static let entered: UInt64 = 0xffff
    static let open: UInt64 = 0x1_0000
    static let oneJob: UInt64 = 0x2_0000
    static func job(_ state: UInt64) -> UInt64 { state / oneJob }
}

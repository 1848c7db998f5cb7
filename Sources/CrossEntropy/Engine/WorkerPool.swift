// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Threads that help the calling thread: as many as the largest call so far could use, at most one fewer than there are
/// cores.
///
/// After a job, they look for the next one for `spinTime` before they sleep, and meanwhile yield their core to any thread
/// that wants it. Waking a sleeping thread takes 50 microseconds here, half the time of a job of 2^20 logits; in a
/// training loop the threads are still awake. (Dispatch does not wait like this: with it, two threads were 1.0 to 1.4
/// times as fast as one at 2^20 logits.)
///
/// There is one job at a time. A caller that finds another job running works alone, because the cores are in use. A
/// helper that wakes late finds the job closed, and no caller waits for it. Sleeping helpers are therefore not woken for
/// short pieces of work that end soon, unless they follow another job so closely that more of them can be expected.
///
/// A child of `fork` has none of these threads, whatever they and other callers were doing. It begins with a new pool
/// and starts its own helpers (see `Fork.swift`).
@safe
final class WorkerPool: @unchecked Sendable {
    static let shared = WorkerPool()

    /// How many nanoseconds a helper looks for another job before it sleeps.
    private static let spinTime = 200_000

    /// If pieces are short, helpers are woken if the caller alone would take this many nanoseconds more: twice as long as
    /// waking takes.
    private static let timeWorthWaking = 100_000

    /// Helpers may read this between entering a job and leaving it; the caller writes it only while no helper has
    /// entered.
    private var job: UnsafePointer<Job>?
    private let next = Atomic(0)

    private let isTaken = Atomic(false)
    private let state = Atomic<UInt64>(0)
    /// The number of helpers that sleep and that nobody has woken yet; written with the lock.
    private let sleepers = Atomic(0)
    /// The number of helpers that have been woken and have not noticed it; read and written with the lock.
    private var woken = 0
    private let lock = Condition()
    /// The number of helper threads, how many there may be, and when the last job ended. Only the caller that has a job
    /// reads or writes them.
    private var startedHelpers = 0
    private var helperLimit: Int?
    private var lastEnd = -WorkerPool.spinTime

    private struct Job {
        let body: (Int) -> Void
        let pieces: Int
    }

    private init() { registerForkHandlers() }

    /// Runs `body` once for each of 0 to `pieces` - 1, in any order, on at most `threads` threads.
    ///
    /// - Parameter areShort: whether pieces take only microseconds. Then the first one tells how long the job will be.
    func run(pieces: Int, threads: Int, areShort: Bool, _ body: (Int) -> Void) {
        guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
            for index in 0..<pieces { body(index) }
            return
        }
        start(threads - 1)
        withoutActuallyEscaping(body) { body in
            var job = Job(body: body, pieces: pieces)
            unsafe withUnsafePointer(to: &job) { job in
                unsafe run(job, helpers: min(threads - 1, JobState.mostHelpers), areShort: areShort)
            }
        }
        isTaken.store(false, ordering: .releasing)
    }

    @unsafe
    private func run(_ job: UnsafePointer<Job>, helpers: Int, areShort: Bool) {
        unsafe self.job = job
        next.store(0, ordering: .relaxed)
        state.wrappingAdd(JobState.oneJob | JobState.open(helpers), ordering: .sequentiallyConsistent)
        let start = Self.nanoseconds
        if !areShort || start - lastEnd < Self.spinTime {
            wake(helpers)
        } else if unsafe takePiece(of: job) {
            let rest = unsafe job.pointee.pieces - 1
            if rest > 0, Self.nanoseconds - start > Self.timeWorthWaking / rest { wake(helpers) }
        }
        while unsafe takePiece(of: job) {}
        state.bitwiseAnd(~JobState.admission, ordering: .acquiringAndReleasing)
        while state.load(ordering: .acquiring) & JobState.entered != 0 { sched_yield() }
        unsafe self.job = nil
        lastEnd = Self.nanoseconds
    }

    /// Wakes as many sleeping helpers as are missing until `count` are awake.
    private func wake(_ count: Int) {
        func missing() -> Int {
            let asleep = sleepers.load(ordering: .sequentiallyConsistent)
            return max(0, min(count - (startedHelpers - asleep), asleep))
        }
        guard missing() > 0 else { return }
        lock.lock()
        let number = missing()
        sleepers.wrappingSubtract(number, ordering: .relaxed)
        woken += number
        lock.unlock()
        for _ in 0..<number { lock.signal() }
    }

    /// Runs the next piece, and returns whether there was one. A thread whose core is busy with other work takes fewer.
    @unsafe
    private func takePiece(of job: UnsafePointer<Job>) -> Bool {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard unsafe index < job.pointee.pieces else { return false }
        unsafe job.pointee.body(index)
        return true
    }

    /// Starts helpers until there are `count`. If the system refuses to start a thread, callers have fewer helpers, or
    /// none.
    private func start(_ count: Int) {
        let limit = helperLimit ?? Cores.available - 1
        helperLimit = limit
        while startedHelpers < min(count, limit) {
            guard startThread({ WorkerPool.shared.help() }) else {
                helperLimit = startedHelpers
                return
            }
            startedHelpers += 1
        }
    }

    private func help() {
        var last: UInt64 = 0
        var end = Self.nanoseconds + Self.spinTime
        while true {
            last = JobState.job(awaitJob(after: last, until: &end))
            guard enter(last) else { continue }
            if let job = unsafe job { while unsafe takePiece(of: job) {} }
            state.wrappingSubtract(1, ordering: .releasing)
            end = Self.nanoseconds + Self.spinTime
        }
    }

    /// Counts this thread as a helper of the job, unless the job is closed or has enough; returns whether it was counted.
    private func enter(_ job: UInt64) -> Bool {
        var seen = state.load(ordering: .acquiring)
        while JobState.job(seen) == job, JobState.admitsHelper(seen) {
            let (exchanged, original) = state.weakCompareExchange(
                expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
            if exchanged { return true }
            seen = original
        }
        return false
    }

    /// Waits until the current job is no longer `last`, and returns the state. Sleeps from `end` on, and moves `end` after
    /// having slept: a helper that wakes too late for a job waits for the next one.
    private func awaitJob(after last: UInt64, until end: inout Int) -> UInt64 {
        while Self.nanoseconds < end {
            let now = state.load(ordering: .acquiring)
            if JobState.job(now) != last { return now }
            sched_yield()
        }
        lock.lock()
        defer { lock.unlock() }
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        // The caller publishes a job before it looks for sleepers, so one of the two notices the other.
        let now = state.load(ordering: .sequentiallyConsistent)
        guard JobState.job(now) == last else {
            sleepers.wrappingSubtract(1, ordering: .relaxed)
            return now
        }
        while woken == 0 { lock.wait() }
        woken -= 1
        end = Self.nanoseconds + Self.spinTime
        return state.load(ordering: .acquiring)
    }
}

extension WorkerPool {
    /// The time since an arbitrary start. `ContinuousClock` is not used because it links the concurrency library, which
    /// adds 0.5 MB to a program that contains its own copy of the Swift runtime.
    private static var nanoseconds: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// Takes the lock before a fork, so that no other thread holds it at that moment.
    func prepareForFork() { lock.lock() }

    func continueInParent() { lock.unlock() }

    /// Resets the pool to one without threads, and without a job that another thread of the parent may have had.
    func beginInChild() {
        lock.renew()
        unsafe job = nil
        (startedHelpers, helperLimit, woken) = (0, nil, 0)
        sleepers.store(0, ordering: .relaxed)
        state.store(0, ordering: .relaxed)
        isTaken.store(false, ordering: .relaxed)
    }
}

/// One word with the number of the job, how many helpers it admits at a time, which is none once it is closed, and how
/// many have entered.
private enum JobState {
    static let entered: UInt64 = 0xffff
    static let admission: UInt64 = 0xffff_0000
    static let oneJob: UInt64 = 0x1_0000_0000
    static let mostHelpers = 0xffff

    static func open(_ helpers: Int) -> UInt64 { UInt64(helpers) << 16 }
    static func admitsHelper(_ state: UInt64) -> Bool { state & entered < (state & admission) >> 16 }
    static func job(_ state: UInt64) -> UInt64 { state / oneJob }
}

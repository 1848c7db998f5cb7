import Foundation
import Synchronization

internal import enum VectorKernels.Tuning

/// Threads that help the calling one: one less than there are cores, started by the first call that is worth it.
///
/// After a job they look for the next for `Tuning.patience` before they sleep, and yield their core meanwhile to whoever
/// wants it. Waking a sleeping thread takes 50 microseconds here, half of a job of 2^20 logits; a training loop finds
/// them awake. (Dispatch has no such patience: with it two threads were 1.0 to 1.4 times as fast as one at 2^20.)
///
/// There is one job at a time: who calls while another job runs works alone, as the cores are taken. A helper that wakes
/// late finds the job closed; nobody waits for it. In the child of a fork there are no helpers, and the caller does all.
final class WorkerPool: @unchecked Sendable {
    static let shared = WorkerPool()

    /// Asking the system costs an allocation, so it is asked once.
    static let cores = ProcessInfo.processInfo.activeProcessorCount

    /// What helpers may read between entering a job and leaving it, and the caller writes while none has entered.
    private var body: ((Int) -> Void)?
    private var pieces = 0
    private var helpers = 0
    private let next = Atomic(0)

    private let isTaken = Atomic(false)
    private let state = Atomic<UInt64>(0)
    private let sleepers = Atomic(0)
    private let condition = NSCondition()
    private var isStarted = false

    /// Runs `body` for 0 to `pieces` - 1, each once, in any order, on at most `threads` threads.
    func run(pieces: Int, threads: Int, _ body: (Int) -> Void) {
        guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
            for index in 0..<pieces { body(index) }
            return
        }
        start()
        withoutActuallyEscaping(body) { body in
            self.body = body
            self.pieces = pieces
            helpers = threads - 1
            next.store(0, ordering: .relaxed)
            state.wrappingAdd(JobState.oneJob | JobState.open, ordering: .sequentiallyConsistent)
            if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
                condition.withLock { condition.broadcast() }
            }
            work()
            state.bitwiseAnd(~JobState.open, ordering: .acquiringAndReleasing)
            while state.load(ordering: .acquiring) & JobState.entered != 0 { sched_yield() }
            self.body = nil
        }
        isTaken.store(false, ordering: .releasing)
    }

    /// Takes some pieces at a time until none is left: a core that is disturbed takes fewer.
    private func work() {
        let stride = Tuning.tilesAtATime
        while true {
            let first = next.wrappingAdd(stride, ordering: .relaxed).oldValue
            guard first < pieces else { return }
            for index in first..<min(pieces, first + stride) { body!(index) }
        }
    }

    private func start() {
        guard !isStarted else { return }
        isStarted = true
        for index in 0..<Self.cores - 1 { Thread.detachNewThread { self.help(index) } }
    }

    private func help(_ index: Int) {
        var last: UInt64 = 0
        while true {
            let now = awaitJob(after: last)
            last = JobState.job(now)
            guard enter(last) else { continue }
            if index < helpers { work() }
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
        while clock.now - start < .microseconds(Tuning.patience) {
            let now = state.load(ordering: .acquiring)
            if JobState.job(now) != last { return now }
            sched_yield()
        }
        condition.lock()
        defer { condition.unlock() }
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        defer { sleepers.wrappingSubtract(1, ordering: .relaxed) }
        while true {
            let now = state.load(ordering: .sequentiallyConsistent)
            if JobState.job(now) != last { return now }
            condition.wait()
        }
    }
}

/// One word: the number of the job, whether it is open to helpers, and how many have entered.
private enum JobState {
    static let entered: UInt64 = 0xffff
    static let open: UInt64 = 0x1_0000
    static let oneJob: UInt64 = 0x2_0000
    static func job(_ state: UInt64) -> UInt64 { state / oneJob }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation
import Synchronization

/// Losses that are large enough to use several threads.
struct LargeProblem: Sendable {
    private let batch = Self.batch(1 << 19)

    private static func batch(_ count: Int) -> ArrayBatch<Float, Bool> {
        ArrayBatch(
            logits: [Float](repeating: 1.25, count: count), targets: [Bool](repeating: true, count: count))
    }

    func loss() throws -> Double { try BinaryCrossEntropy.exact.loss(batch) }

    /// Losses for which the threads lock shared sums to add to them.
    func lockedLosses() throws -> [Double] {
        let (bce, batch) = (BinaryCrossEntropy.exact, Self.batch(3 << 19))
        let groups = [Int32](repeating: 0, count: 3 << 19)
        var (byGroup, evaluation) = (GroupedLosses(groupCount: 1), try BinaryEvaluation())
        try bce.add(batch, groups: groups, to: &byGroup)
        try bce.add(batch, to: &evaluation)
        return [try bce.report(batch).loss, byGroup[0].mean, evaluation.logLoss]
    }
}

/// Forks `count` children while another thread of the parent calls the library, so that its helper threads are working,
/// awake, going to sleep, asleep or being woken. Each child makes its own call that uses threads; a child that waits
/// forever is ended by its alarm.
func forkWhileThreadsCompute(_ count: Int) throws {
    let problem = LargeProblem()
    let (expected, locked) = (try problem.loss(), try problem.lockedLosses())
    let isDone = Atomic(false)
    // Helper threads stay awake for 200 microseconds after a call, and take a lock to go to sleep and to be woken.
    let thread = Thread {
        var pause = 0
        while !isDone.load(ordering: .relaxed) {
            _ = try? problem.loss()
            pause = (pause + 37) % 400
            spin(microseconds: pause)
        }
    }
    thread.start()
    for index in 0..<count { try forkChild(problem, expected, locked, index) }
    isDone.store(true, ordering: .relaxed)
    guard try problem.loss() == expected else { fail("the parent's loss has changed") }
}

private func forkChild(
    _ problem: LargeProblem, _ expected: Double, _ locked: [Double], _ index: Int
) throws {
    let child = fork()
    guard child >= 0 else { fail("fork \(index): \(String(cString: strerror(errno)))") }
    if child == 0 {
        alarm(20)
        guard (try? problem.loss()) == expected else { _exit(1) }
        // They take tens of milliseconds.
        let takesLocks = index % 40 == 0
        guard !takesLocks || (try? problem.lockedLosses()) == locked else { _exit(1) }
        // The child has its own helper threads, and does not rely on those of its parent. 2^15 elements are worth one.
        _exit(threadCount() == min(Cores.available, takesLocks ? 48 : 16) ? 0 : 2)
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else {
        fail("child \(index): status \(status) (14: waited forever, 256: a wrong loss, 512: no threads)")
    }
}

/// A sleep would be too coarse: the lock is held only for a microsecond or two.
private func spin(microseconds: Int) {
    let end = ContinuousClock.now + .microseconds(microseconds)
    while ContinuousClock.now < end {}
}

/// Swift does not import `fork`, because many functions that are not async-signal-safe may fail in a child, which is
/// exactly what is tested here.
private func fork() -> pid_t {
    typealias Fork = @convention(c) () -> pid_t
    return unsafeBitCast(dlsym(nil, "fork"), to: Fork.self)()
}

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("library-stress: \(message)\n".utf8))
    exit(1)
}

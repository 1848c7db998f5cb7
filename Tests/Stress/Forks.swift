import CrossEntropy
import Foundation
import Synchronization

/// A loss that is worth the help of threads.
struct LargeProblem: Sendable {
    let logits = [Float](repeating: 1.25, count: 1 << 19)
    let targets = [Bool](repeating: true, count: 1 << 19)

    func loss() throws -> Double { try BinaryCrossEntropy.exact.loss(logits: logits, targets: targets) }
}

/// Forks `count` children. While a thread of the parent calls the library, or shortly after its last call, each child makes
/// a call of its own that takes threads; one that waits forever is ended by its alarm.
func forkWhileThreadsCompute(_ count: Int) throws {
    let problem = LargeProblem()
    let expected = try problem.loss()
    let isBusy = Atomic(true)
    let isDone = Atomic(false)
    let thread = Thread {
        while !isDone.load(ordering: .relaxed) {
            if isBusy.load(ordering: .relaxed) { _ = try? problem.loss() } else { sched_yield() }
        }
    }
    thread.start()
    for index in 0..<count {
        // Some thousand forks in each state; idle helpers are awake for 200 microseconds, and then sleep.
        isBusy.store(index / 1000 % 2 == 0, ordering: .relaxed)
        if index % 1000 >= 500 { usleep(UInt32(index % 500)) }
        try forkChild(problem, expected, index)
    }
    isDone.store(true, ordering: .relaxed)
    guard try problem.loss() == expected else { fail("the parent's loss has changed") }
}

private func forkChild(_ problem: LargeProblem, _ expected: Double, _ index: Int) throws {
    let child = fork()
    guard child >= 0 else { fail("fork \(index): \(String(cString: strerror(errno)))") }
    if child == 0 {
        alarm(20)
        _exit((try? problem.loss()) == expected ? 0 : 1)
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else {
        fail("child \(index) ended with status \(status) (14 is an alarm: it waited forever)")
    }
}

/// Swift does not import `fork`, as much of what is not async-signal-safe may fail in a child; that is what is tested.
private func fork() -> pid_t {
    typealias Fork = @convention(c) () -> pid_t
    return unsafeBitCast(dlsym(nil, "fork"), to: Fork.self)()
}

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("library-stress: \(message)\n".utf8))
    exit(1)
}

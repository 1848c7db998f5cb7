import Foundation

/// The threads that a call starts which is worth more than one.
func threadsOfCall() throws -> Int {
    let problem = LargeProblem()
    let before = try threads()
    _ = try problem.loss()
    return try threads() - before
}

private func threads() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
}

// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The threads that a call starts which is worth more than one.
func threadsOfCall() throws -> Int {
    let problem = LargeProblem()
    let before = threadCount()
    _ = try problem.loss()
    return threadCount() - before
}

/// The threads of this process.
func threadCount() -> Int {
    guard let folder = opendir("/proc/self/task") else {
        fail("/proc/self/task: \(String(cString: strerror(errno)))")
    }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    // Two entries are the folder and its parent.
    return count - 2
}

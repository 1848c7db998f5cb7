// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The number of threads started by a call that is large enough for more than one.
func threadsOfCall() throws -> Int {
    let problem = LargeProblem()
    let before = threadCount()
    _ = try problem.loss()
    return threadCount() - before
}

/// The number of threads of this process.
func threadCount() -> Int {
    guard let folder = opendir("/proc/self/task") else {
        fail("/proc/self/task: \(String(cString: strerror(errno)))")
    }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    // Two of the entries are the folder itself and its parent.
    return count - 2
}

// SPDX-License-Identifier: Apache-2.0

import Foundation

package enum Memory {
    /// Whether so many bytes can be had, for an array that is about to be made: Swift ends a program that asks for more
    /// than there is, with a message that names no file. (Another thread may take them in between; none here does.)
    package static func check(bytes: Int, for purpose: @autoclosure () -> String) throws {
        // Less is had from what is free already, and is not worth a call of the system.
        guard bytes >= 1 << 20 else { return }
        // Not malloc: the optimiser leaves out a pair of malloc and free, and takes it for a success.
        let memory = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
            throw ToolError("\(purpose()): not enough memory, \(bytes >> 20) MiB are needed")
        }
        unsafe munmap(memory, bytes)
    }

    /// Whether there is a limit for this process (`ulimit -v`).
    package static var isLimited: Bool {
        #if os(Linux)
            let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
        #else
            let resource = RLIMIT_AS
        #endif
        var limit = rlimit()
        return unsafe getrlimit(resource, &limit) == 0 && limit.rlim_cur < rlim_t(Int64.max)
    }
}

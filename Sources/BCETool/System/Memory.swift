// SPDX-License-Identifier: Apache-2.0

package enum Memory {
    /// Throws an error if `bytes` bytes are not available for an array that is about to be allocated. Swift ends a
    /// program that asks for more than there is, with a message that names no file. (Another thread might take the
    /// memory in between, but no thread here does.)
    package static func check(bytes: Int, for purpose: @autoclosure () -> String) throws {
        // Smaller amounts come from memory that is already free, and are not worth a system call.
        guard bytes >= 1 << 20 else { return }
        // Not malloc: the optimiser removes a pair of malloc and free and assumes that malloc succeeded.
        let memory = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
            throw ToolError("\(purpose()): not enough memory, \(bytes >> 20) MiB are needed")
        }
        unsafe munmap(memory, bytes)
    }

    /// Whether the address space of this process is limited (`ulimit -v`).
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

// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// How many threads a call may use. Results are bitwise identical for every policy.
    ///
    /// A call on fewer than 2^16 elements stays on the calling thread. Other calls are helped by the library's own
    /// threads. Each thread, including the calling one, gets at least 2^15 elements, and there are at most as many
    /// threads as cores that the process may keep busy (see <doc:ThreadsAndLimits>). After a call the library's threads
    /// look for another one for 200 microseconds, yielding to any thread that wants their core, and then sleep. Waking
    /// them takes 50 microseconds, so a call of less than about 100 microseconds wakes them only if it begins within 200
    /// microseconds of the previous one. If several calls run at once, one of them gets their help and the others work
    /// alone, so the number of busy threads never exceeds the number of callers plus the number of cores.
    /// `CrossEntropyBLAS` leaves the threads of products of matrices to OpenBLAS, and does not configure them.
    public enum ThreadPolicy: Sendable, Equatable {
        /// As many threads as benefit the work, up to all cores.
        case automatic
        /// Only the calling thread.
        case serial
        /// Like `automatic`, but with at most this many threads.
        case atMost(Int)

        func checked() throws(CrossEntropyError) -> ThreadPolicy {
            if case .atMost(let count) = self, count < 1 {
                throw .invalidOption(option: "threads", value: Double(count), allowed: "1 or more")
            }
            return self
        }
    }
}

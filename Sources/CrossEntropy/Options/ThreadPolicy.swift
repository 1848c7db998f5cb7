// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// How many threads a call may use. Results are bitwise identical for every policy.
    ///
    /// A call on fewer than 2^16 elements stays on the calling thread. Other calls are helped by the library's own
    /// threads: one for every 2^15 further elements, at most one fewer than the number of cores that the process may
    /// keep busy (see <doc:ThreadsAndLimits>). After a call they look for another one for 200 microseconds, yielding to
    /// any thread that wants their core, and then sleep. Waking them takes 50 microseconds, so a short call wakes them
    /// only if it follows another one within that time. If several calls run at once, one of them gets their help and
    /// the others work alone, so the number of busy threads never exceeds the number of callers plus the number of cores.
    /// `CrossEntropyBLAS` leaves the threads of products of matrices to OpenBLAS, and does not configure them.
    public enum ThreadPolicy: Sendable, Equatable {
        /// All cores if the work is large enough to benefit, otherwise only the calling thread.
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

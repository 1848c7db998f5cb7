// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// How many threads a call may use. The answer has the same bits whatever is chosen.
    ///
    /// Below 2^19 elements a call stays on its thread. Above, threads of the library's own help it: one less than the process
    /// may keep busy (see <doc:ThreadsAndLimits>), started by the first such call. They look for another call for 200
    /// microseconds, giving way to any thread that wants their core, and then sleep. Of several calls at once, one has their
    /// help and the others work alone, so that there are never more busy threads than callers and cores. OpenBLAS's threads are neither used nor configured.
    public enum ThreadPolicy: Sendable, Equatable {
        /// All cores where the work is large enough to gain by it, else the calling thread.
        case automatic
        /// The calling thread only.
        case serial
        /// As `automatic`, with at most this many threads.
        case atMost(Int)

        func checked() throws(CrossEntropyError) -> ThreadPolicy {
            if case .atMost(let count) = self, count < 1 {
                throw .invalidOption(option: "threads", value: Double(count), allowed: "1 or more")
            }
            return self
        }
    }
}

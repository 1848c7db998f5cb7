/// How many threads a call may use. The answer has the same bits whatever is chosen.
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

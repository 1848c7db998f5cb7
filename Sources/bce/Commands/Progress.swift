import Foundation

/// A progress bar on standard error, where that is a terminal and the work has taken longer than a second.
struct Progress {
    private let total: Int
    private let started = ContinuousClock.now
    private let onTerminal = isatty(2) == 1
    private var drawn = false

    init(total: Int) { self.total = total }

    mutating func advance(to done: Int) {
        guard onTerminal, ContinuousClock.now - started > .seconds(1) else { return }
        let width = 40
        let filled = done * width / max(total, 1)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        FileHandle.standardError.write(Data("\r[\(bar)] \(done * 100 / max(total, 1)) %".utf8))
        drawn = true
    }

    /// Leaves the line empty for whatever is printed next.
    mutating func finish() {
        if drawn { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
        drawn = false
    }
}

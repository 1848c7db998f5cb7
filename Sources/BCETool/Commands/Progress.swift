// SPDX-License-Identifier: Apache-2.0

/// A progress line on standard error for one stage of the work, shown if standard error is a terminal and the tool has
/// been running for longer than a second.
struct Progress {
    private let stage: String
    /// Nil if it is not known.
    private let total: Int?
    private let started = ContinuousClock.now
    private var shown: ContinuousClock.Instant?

    /// When the first stage began: the one-second delay applies to the work as a whole, not to each stage.
    private static let firstStarted = ContinuousClock.now
    private static let onTerminal = isatty(2) == 1

    init(_ stage: String, total: Int?) {
        self.stage = stage
        self.total = total.map { max($0, 1) }
        _ = Self.firstStarted
    }

    mutating func advance(to done: Int) {
        guard isDue else { return }
        show(done, stage)
    }

    /// Also shows the number of rows per second and the result so far.
    mutating func advance(to done: Int, rows: Int, _ result: @autoclosure () -> String) {
        guard isDue else { return }
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        let rate = String(printf: "%.1f", Double(rows) / seconds / 1e6)
        show(done, "\(stage), \(rows) rows, \(rate) million rows/s\(result())")
    }

    /// Clears the line for whatever is printed next.
    mutating func finish() {
        if shown != nil { Message.writeUnescaped("\r\u{1B}[K") }
        shown = nil
    }

    /// Ten updates per second are enough.
    private var isDue: Bool {
        guard Self.onTerminal else { return false }
        let now = ContinuousClock.now
        return now - Self.firstStarted > .seconds(1) && shown.map { now - $0 > .milliseconds(100) } ?? true
    }

    private mutating func show(_ done: Int, _ text: String) {
        var line = Message.shown(text)
        if let total {
            let width = 40
            let filled = min(width, done * width / total)
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
            line = "[\(bar)] \(done * 100 / total) % \(line)"
        }
        Message.writeUnescaped("\r\u{1B}[K\(line)")
        shown = .now
    }
}

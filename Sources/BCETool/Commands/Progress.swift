// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A progress bar on standard error for one stage of the work, shown if standard error is a terminal and the tool has
/// been running for longer than a second.
struct Progress {
    private let stage: String
    private let total: Int
    private var shown: ContinuousClock.Instant?

    /// When the first stage began: the one-second delay applies to the work as a whole, not to each stage.
    private static let started = ContinuousClock.now
    private static let onTerminal = isatty(2) == 1

    init(_ stage: String, total: Int) {
        self.stage = stage
        self.total = max(total, 1)
        _ = Self.started
    }

    mutating func advance(to done: Int) {
        guard Self.onTerminal else { return }
        let now = ContinuousClock.now
        // Ten updates per second are enough.
        guard now - Self.started > .seconds(1), shown.map({ now - $0 > .milliseconds(100) }) ?? true else {
            return
        }
        let width = 40
        let filled = min(width, done * width / total)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        Message.writeUnescaped("\r\u{1B}[K[\(bar)] \(done * 100 / total) % \(Message.shown(stage))")
        shown = now
    }

    /// Clears the line for whatever is printed next.
    mutating func finish() {
        if shown != nil { Message.writeUnescaped("\r\u{1B}[K") }
        shown = nil
    }
}

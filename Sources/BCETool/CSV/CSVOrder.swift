// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// What the threads of a scan share: how many rows and lines the blocks have, which block failed first, and what the
/// progress line shows.
final class CSVOrder: @unchecked Sendable {
    private let condition = Condition()
    private var progress: Progress
    private let keepsStarts: Bool
    /// Blocks that have been read although a block before them has not.
    private var early: [Int: (rows: Int, lines: Int)] = [:]
    /// All blocks before `next` have been read; together they have `rows` rows and `lines` lines.
    private var next = 0
    private var (rows, lines) = (0, 0)
    /// The number of rows before each block, which is kept until it is asked for.
    private var starts: [Int: Int] = [:]
    private var (rowsRead, position) = (0, 0)
    private var failure: (block: Int, error: any Error)?

    /// - Parameter keepsStarts: whether `rows(before:)` will be called for each block.
    init(linesBefore lines: Int, keepsStarts: Bool, _ progress: Progress) {
        self.lines = lines
        self.keepsStarts = keepsStarts
        self.progress = progress
    }

    private func locked<R>(_ body: () throws -> R) rethrows -> R {
        condition.lock()
        defer { condition.unlock() }
        return try body()
    }

    var hasFailed: Bool { locked { failure != nil } }

    func add(block: Int, rows: Int, lines: Int) {
        locked {
            early[block] = (rows, lines)
            rowsRead += rows
            while let counts = early.removeValue(forKey: next) {
                if keepsStarts { starts[next] = self.rows }
                next += 1
                self.rows += counts.rows
                self.lines += counts.lines
            }
            if keepsStarts { condition.broadcast() }
        }
    }

    /// Waits until the number of rows before a block is known. Nil if it never will be, because a block before it
    /// failed.
    func rows(before block: Int) -> Int? {
        locked {
            while true {
                if let start = starts.removeValue(forKey: block) { return start }
                if let failure, failure.block < block { return nil }
                condition.wait()
            }
        }
    }

    func fail(block: Int, _ error: any Error) {
        locked {
            if failure.map({ block < $0.block }) ?? true { failure = (block, error) }
            condition.broadcast()
        }
    }

    /// Updates the progress line when the block that ends at `end` has been read.
    func show(position end: Int, _ result: () -> String) {
        locked {
            position = max(position, end)
            progress.advance(to: position, rows: rowsRead, result())
        }
    }

    /// Ends the progress line.
    ///
    /// - Returns: the number of rows.
    func finish(_ path: FilePath) throws -> Int {
        try locked {
            progress.finish()
            switch failure?.error {
            case nil: return rows
            // All blocks before the one that failed have been read.
            case let problem as CSVProblem: throw problem.error(in: path, lines: lines, rows: rows)
            case let error?: throw error
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Synchronization

/// Visits pieces of files on several threads, each with a window of its own, and moves the progress bar.
///
/// Threads do not change what goes wrong: pieces are begun in the order of the elements, and a failure lets those before
/// it be finished, so that the first one is reported.
struct PieceLoop<P: FilePrediction> {
    let input: LossInput<P>
    let threads: Int

    /// A window takes 1 MiB with predictions and targets in Doubles, and up to 5 with weights, a mask and derivatives whose
    /// files have other types: those of a command at most 40. More threads would wait for memory.
    private static var mostThreads: Int { 8 }

    init(_ input: LossInput<P>, _ policy: BinaryCrossEntropy.ThreadPolicy) {
        self.input = input
        threads = min(policy.threads(count: input.count), Self.mostThreads)
    }

    /// Calls `body` for each piece of `plan`, in any order and several at once.
    func forEach(_ stage: String, _ plan: PiecePlan, _ body: (LossWindow<P>) throws -> Void) throws {
        try forEach(stage, parts: plan.count, { CollectionOfOne(plan[$0]) }) { _, window in try body(window) }
    }

    /// Calls `body` for each piece of each part: parts in any order and several at once, the pieces of one part in order.
    func forEach<Pieces: Sequence<Piece>>(
        _ stage: String, parts: Int, _ pieces: (Int) -> Pieces, _ body: (Int, LossWindow<P>) throws -> Void
    ) throws {
        let visit = Mutex(Visit<P>(stage, total: input.count))
        Schedule.run(pieces: parts, threads: min(threads, parts)) { part in
            for piece in pieces(part) {
                guard visit.withLock({ $0.isWorthReading(piece) }) else { return }
                do {
                    let window = try visit.withLock { $0.takeWindow() } ?? LossWindow(input, first: piece)
                    try window.read(piece)
                    try body(part, window)
                    visit.withLock { $0.finish(window) }
                } catch {
                    return visit.withLock { $0.fail(piece, error) }
                }
            }
        }
        try visit.withLock { try $0.end() }
        for column in input.columns { try column.checkUnchanged() }
    }
}

/// What the threads of one loop share.
private struct Visit<P: FilePrediction> {
    private var progress: Progress
    private var done = 0
    private var idle: [LossWindow<P>] = []
    private var failure: (element: Int, error: any Error)?

    init(_ stage: String, total: Int) { progress = Progress(stage, total: total) }

    /// Not behind a failure.
    func isWorthReading(_ piece: Piece) -> Bool {
        failure.map { piece.elements.lowerBound <= $0.element } ?? true
    }

    mutating func takeWindow() -> LossWindow<P>? { idle.popLast() }

    mutating func finish(_ window: LossWindow<P>) {
        idle.append(window)
        done += window.piece.elements.count
        progress.advance(to: done)
    }

    mutating func fail(_ piece: Piece, _ error: any Error) {
        if failure.map({ piece.elements.lowerBound < $0.element }) ?? true {
            failure = (piece.elements.lowerBound, error)
        }
    }

    mutating func end() throws {
        progress.finish()
        if let failure { throw failure.error }
    }
}

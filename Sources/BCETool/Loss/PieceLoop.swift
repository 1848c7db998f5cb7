// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Synchronization

/// Visits pieces of files on several threads, each with its own window, and updates the progress bar.
///
/// The number of threads does not change which error is reported: pieces are started in the order of the elements, and
/// after a failure the pieces before it are still completed, so that the first error is the one reported.
struct PieceLoop<P: FilePrediction> {
    let input: LossInput<P>
    let threads: Int

    /// A window takes 1 MiB for predictions and targets in Doubles, and up to 5 MiB with weights, a mask and
    /// derivatives if their files have other types, so the windows of a command take at most 40 MiB. More threads would
    /// only wait for memory.
    private static var mostThreads: Int { 8 }

    init(_ input: LossInput<P>, _ policy: BinaryCrossEntropy.ThreadPolicy) {
        self.input = input
        threads = min(policy.threads(count: input.count), Self.mostThreads)
    }

    /// Calls `body` for each piece of `plan`, in any order and concurrently.
    ///
    /// - Parameter checks: whether the values of a piece have been checked before.
    func forEach(
        _ stage: String, _ plan: PiecePlan, checks: Bool = true, _ body: (LossWindow<P>) throws -> Void
    ) throws {
        try forEach(stage, parts: plan.count, { CollectionOfOne(plan[$0]) }, checks: checks) { _, window in
            try body(window)
        }
    }

    /// Calls `body` for each piece of each part. Parts run in any order and concurrently, the pieces of one part in
    /// order.
    func forEach<Pieces: Sequence<Piece>>(
        _ stage: String, parts: Int, _ pieces: (Int) -> Pieces, checks: Bool = true,
        _ body: (Int, LossWindow<P>) throws -> Void
    ) throws {
        let visit = Mutex(Visit<P>(stage, total: input.count))
        Schedule.run(pieces: parts, threads: min(threads, parts)) { part in
            for piece in pieces(part) {
                guard visit.withLock({ $0.isWorthReading(piece) }) else { return }
                do {
                    let window = try visit.withLock { $0.takeWindow() } ?? LossWindow(input, first: piece)
                    try window.read(piece)
                    if checks { try window.check() }
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

/// State that the threads of one loop share.
private struct Visit<P: FilePrediction> {
    private var progress: Progress
    private var done = 0
    private var idle: [LossWindow<P>] = []
    private var failure: (element: Int, error: any Error)?

    init(_ stage: String, total: Int) { progress = Progress(stage, total: total) }

    /// Whether the piece is not after a failure.
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

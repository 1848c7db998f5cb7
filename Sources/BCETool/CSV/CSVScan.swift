// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Synchronization

/// One pass over the rows of a .csv file, by several threads, each of which reads a block of rows at a time.
///
/// What is computed and which error is reported do not depend on the number of threads: where blocks begin depends only
/// on the bytes, and after a failure the blocks before it are still completed, so that the first error is reported.
final class CSVScan: Sendable {
    let header: CSVHeader
    /// Nil for standard input.
    let file: InputFile?
    let first: CSVBlock
    let blocks: Mutex<CSVBlocks>
    private let size: Int?

    private var path: FilePath { header.path }

    /// Each thread needs 2 MiB for a block and its rows. More threads would only wait, because one thread at a time
    /// reads the next block.
    private static var mostThreads: Int { 8 }

    /// Reads the header.
    ///
    /// - Parameter file: nil for standard input.
    init(_ file: InputFile?, _ dialect: CSVDialect) throws {
        let path = file?.path ?? .standardInput
        var blocks = CSVBlocks(CSVSource(file))
        first = try CSVBlock(for: path)
        guard try blocks.next(into: first) else { throw ToolError("\(path): the file is empty") }
        header = try CSVHeader(first, dialect, path)
        size = blocks.size
        self.blocks = Mutex(blocks)
        self.file = file
    }

    /// Reads all rows. Each thread has a worker of its own, which receives the rows of one block after another.
    ///
    /// - Parameters:
    ///   - stage: the name of this pass in the progress line.
    ///   - result: what the progress line shows of the result so far.
    /// - Returns: the workers.
    func run<Worker: CSVWorker>(
        _ stage: String, _ plan: CSVPlan, _ policy: BinaryCrossEntropy.ThreadPolicy,
        result: () -> String = { "" }, _ makeWorker: () throws -> Worker
    ) throws -> [Worker] {
        header.noteNumbers()
        let order = CSVOrder(
            linesBefore: header.lines, keepsStarts: Worker.needsOrder, Progress(stage, total: size))
        let workers = Mutex<[Worker]>([])
        let threads = min(policy.threads(count: .max), Self.mostThreads, (size ?? .max) / CSVBlock.size + 1)
        let isFirst = Atomic(true)
        Schedule.run(pieces: threads, threads: threads) { _ in
            var index = -1
            do {
                let worker = try makeWorker()
                workers.withLock { $0.append(worker) }
                let reader = CSVRowReader(plan: plan, keys: worker.keys)
                let rows = try CSVRows(plan, for: path)
                var block: CSVBlock
                if isFirst.exchange(false, ordering: .relaxed) {
                    (block, index) = (first, 0)
                    try read(block, from: header.end, reader, rows, worker, order)
                } else {
                    block = try CSVBlock(for: path)
                }
                while try next(into: block, &index, order) {
                    try read(block, from: 0, reader, rows, worker, order)
                    order.show(position: block.position, result)
                }
            } catch {
                order.fail(block: index, error)
            }
        }
        let rows = try order.finish(path)
        try file?.checkUnchanged()
        guard rows > 0 else { throw ToolError("\(path): no row of numbers") }
        return workers.withLock { $0 }
    }

    /// Reads the next block, unless an earlier one failed.
    private func next(into block: CSVBlock, _ index: inout Int, _ order: CSVOrder) throws -> Bool {
        try blocks.withLock { blocks in
            guard !order.hasFailed else { return false }
            index = blocks.nextIndex
            return try blocks.next(into: block)
        }
    }

    private func read(
        _ block: CSVBlock, from start: Int, _ reader: CSVRowReader, _ rows: CSVRows, _ worker: some CSVWorker,
        _ order: CSVOrder
    ) throws {
        let lines = try reader.read(block, from: start, into: rows)
        order.add(block: block.index, rows: rows.count, lines: lines)
        try worker.add(rows) { order.rows(before: block.index) }
    }
}

/// Computes something from rows. A worker is used by one thread at a time.
protocol CSVWorker: AnyObject, Sendable {
    /// Whether it asks for the number of rows before each block.
    static var needsOrder: Bool { get }

    /// The group names of its rows, if they are wanted.
    var keys: KeyTable? { get }

    /// Adds the rows of one block.
    ///
    /// - Parameter rowsBefore: waits until the number of rows before the block is known, and returns it; nil if an
    ///   earlier block failed.
    func add(_ rows: CSVRows, after rowsBefore: () -> Int?) throws
}

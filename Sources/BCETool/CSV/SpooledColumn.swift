// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// A column of numbers of a .csv file, kept as Doubles in a temporary file without a name, so that any range of it can
/// be read again. Several threads may read or write at once.
@safe
final class SpooledColumn: Sendable {
    private let descriptor: Int32

    init() throws { descriptor = try Self.unnamedFile() }

    deinit { close(descriptor) }

    func write(_ numbers: Span<Double>, at row: Int) throws {
        try unsafe numbers.withUnsafeBytes { bytes in
            try transfer(bytes.count, at: row) { done, rest, offset in
                unsafe pwrite(descriptor, bytes.baseAddress! + done, rest, offset)
            }
        }
    }

    func read(_ range: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws {
        try transfer(bytes.count, at: range.lowerBound) { done, rest, offset in
            unsafe pread(descriptor, bytes.baseAddress! + done, rest, offset)
        }
    }

    /// Calls `body`, which transfers some bytes at an offset, until all are transferred.
    private func transfer(_ count: Int, at row: Int, _ body: (Int, Int, off_t) -> Int) throws {
        let start = row * MemoryLayout<Double>.stride
        do throws(SystemError) {
            guard try transferAll(count, { done, rest in body(done, rest, off_t(start + done)) }) else {
                throw SystemError(EIO)
            }
        } catch {
            throw ToolError("the temporary file in \(FilePath(Self.folder.utf8)): \(error.reason)")
        }
    }

    private static var folder: String {
        let given = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
        return given.isEmpty ? "/tmp" : given
    }

    /// A file without a name, which disappears however the tool ends.
    private static func unnamedFile() throws -> Int32 {
        var template = Array("\(folder)/bce-XXXXXX".utf8CString)
        let descriptor = unsafe template.withUnsafeMutableBufferPointer { template in
            let descriptor = unsafe mkstemp(template.baseAddress!)
            if descriptor >= 0 { unsafe unlink(template.baseAddress!) }
            return descriptor
        }
        guard descriptor >= 0 else {
            throw ToolError(
                "cannot create a temporary file in \(FilePath(folder.utf8)) (TMPDIR sets the folder): "
                    + SystemError.last.reason
            )
        }
        return descriptor
    }
}

/// The number columns of a .csv file, each in a file of its own.
struct SpooledColumns {
    let columns: [SpooledColumn]
    let count: Int

    init(_ scan: CSVScan, _ plan: CSVPlan, _ policy: BinaryCrossEntropy.ThreadPolicy) throws {
        let columns = try plan.numbers.map { _ in try SpooledColumn() }
        self.columns = columns
        let workers = try scan.run("reading \(scan.header.path)", plan, policy) { SpoolWorker(columns) }
        count = workers.reduce(0) { $0 + $1.count }
    }
}

private final class SpoolWorker: CSVWorker, @unchecked Sendable {
    static var needsOrder: Bool { true }
    let keys: KeyTable? = nil
    private(set) var count = 0
    private let columns: [SpooledColumn]

    init(_ columns: [SpooledColumn]) { self.columns = columns }

    func add(_ rows: CSVRows, after rowsBefore: () -> Int?) throws {
        guard let start = rowsBefore() else { return }
        for (column, numbers) in zip(columns, rows.numbers) {
            try numbers.withSpan(0..<rows.count) { try column.write($0, at: start) }
        }
        count += rows.count
    }
}

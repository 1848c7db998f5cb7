// SPDX-License-Identifier: Apache-2.0

/// The numbers and group names of the rows of a block, column by column.
final class CSVRows {
    private(set) var count = 0
    /// One buffer for each number column of the plan.
    private(set) var numbers: [Buffer<Double>] = []
    /// The number of each row's group name in the `KeyTable`; empty if there are no groups.
    private(set) var groups: Buffer<Int32>
    private let plan: CSVPlan
    private let path: FilePath
    private var capacity = 0

    init(_ plan: CSVPlan, for path: FilePath) throws {
        self.plan = plan
        self.path = path
        groups = try Buffer(count: 0, for: path)
        try makeRoom(for: CSVBlock.size)
    }

    /// Makes room for the rows of a block of `bytes` bytes.
    func makeRoom(for bytes: Int) throws {
        let needed = plan.mostRows(inBytes: bytes)
        guard needed > capacity else { return }
        capacity = needed
        numbers = try plan.numbers.map { _ in try Buffer(count: needed, for: path) }
        if plan.key != nil { groups = try Buffer(count: needed, for: path) }
    }

    func finish(_ count: Int) { self.count = count }

    /// Calls `body` with the numbers of some rows in the column with this role.
    func withNumbers<R>(_ role: FileRole, _ range: Range<Int>, _ body: (Span<Double>) throws -> R) rethrows
        -> R
    {
        try numbers[plan.number(role)!].withSpan(range, body)
    }

    func hasNumbers(_ role: FileRole) -> Bool { plan.number(role) != nil }

    func withGroups<R>(_ range: Range<Int>, _ body: (Span<Int32>) throws -> R) rethrows -> R {
        try groups.withSpan(range, body)
    }
}

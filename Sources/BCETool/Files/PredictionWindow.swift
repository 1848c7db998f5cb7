// SPDX-License-Identifier: Apache-2.0

/// Room for consecutive predictions of a file. Elements stay in memory until others are read, so that the check and the
/// batch see the same bytes.
final class PredictionWindow<P: FilePrediction> {
    let elements: Buffer<P>
    private let column: FileColumn
    /// The elements as the file stores them, if its type is not P but f2.
    private let halves: Buffer<Float16>?
    private var range = 0..<0

    init(_ column: FileColumn, capacity: Int) throws {
        self.column = column
        let path = column.path
        elements = try Buffer(count: capacity, for: path)
        halves = column.type.size == MemoryLayout<P>.size ? nil : try Buffer(count: capacity, for: path)
    }

    func read(_ range: Range<Int>) throws {
        guard range != self.range else { return }
        self.range = 0..<0
        if let halves {
            try unsafe halves.withMutableBytes(0..<range.count) { try unsafe column.read(range, into: $0) }
            for index in 0..<range.count { elements[index] = P(halves[index]) }
        } else {
            try unsafe elements.withMutableBytes(0..<range.count) {
                try unsafe column.read(range, into: $0)
            }
        }
        self.range = range
    }

    func withSpan<R>(_ body: (Span<P>) throws -> R) rethrows -> R {
        try elements.withSpan(0..<range.count, body)
    }
}

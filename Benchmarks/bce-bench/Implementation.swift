// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels

/// One way to perform an operation, ready to be called on the data of a table.
struct Implementation {
    let name: String
    /// A note for readers, for example which of two candidates a limit is.
    var note: String = ""
    /// The fraction of the work that a call does; its time is divided by this.
    var share: Double = 1
    /// Floating-point operations per element, if their rate is of interest.
    var operations: Double = 0
    /// Whether a call does only a part of the work, so that its result differs from that of the others.
    var isPart = false
    /// Returns the sum of losses, the last element written, or the value that a limit computes.
    let call: () throws -> Double

    /// Whether this is the naive loop or the limit, to which all others are compared.
    var isYardstick: Bool { name == Self.naive || name == Self.limit }

    static let naive = "naive"
    static let limit = "limit"

    /// The names of the rows of a table, in order. Two candidates share the name `limit`; the faster one becomes the
    /// row.
    static func names<S>(_ operation: Operation<S>) -> [String] {
        let all = Self.all(operation, Rotation(operation, count: 1, sets: 1), threads: 1).map(\.name)
        return all.enumerated().filter { all.firstIndex(of: $0.element) == $0.offset }.map(\.element)
    }

    static func all<S: BenchScalar>(
        _ operation: Operation<S>, _ rotation: Rotation<S>, threads: Int
    ) -> [Implementation] {
        // The count is at least 1, which is the only thing the library checks.
        let automatic = BinaryCrossEntropy.exact.with(reduction: .sum)
        let chosen = try! automatic.with(threads: threads == 1 ? .serial : .atMost(threads))
        func vector(_ name: String, _ loss: BinaryCrossEntropy, note: String = "") -> Implementation {
            Implementation(name: name, note: note) { try operation.vector(rotation.next(), loss) }
        }
        var all = [Implementation(name: naive) { operation.naive(rotation.next()) }]
        all.append(vector("vector", chosen))
        all += KernelLevel.available.map { vector("vector-\($0.rawValue)", chosen.at(level: $0)) }
        all.append(vector("vector-automatic", automatic, note: "as many threads as the library thinks fit"))
        all += (operation.others + limits(operation, threads: threads)).map { other in
            Implementation(name: other.name, note: other.note) { try other.call(rotation.next()) }
        }
        return all
    }
}

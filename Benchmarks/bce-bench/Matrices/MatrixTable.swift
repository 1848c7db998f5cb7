// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// A batch of one shape, and the implementations that are timed on it. Only Float is measured: these tables are about
/// passes over memory and about BLAS, for both of which Double takes twice as much.
struct MatrixTable {
    let setting: Setting
    /// The first is the naive loop.
    let implementations: [Implementation]

    static func all(threads: Int) -> [MatrixTable] {
        [
            byRow(.logits, rows: 100_000, columns: 100, threads),
            byRow(.logits, rows: 1_000, columns: 10_000, threads),
            byRow(.probabilities, rows: 100_000, columns: 100, threads),
            byRow(.probabilities, rows: 1_000, columns: 10_000, threads),
            byColumn(rows: 100_000, columns: 100, threads),
            pairwise(2_000, 2_000, 1_000, threads),
            logisticGradient(rows: 500_000, columns: 128, threads),
        ]
    }

    /// Refuses to time an implementation that computes something else. Sums of Floats in a different order differ by
    /// 1e-4.
    func checkAgreement() throws {
        let naive = try implementations[0].call()
        for implementation in implementations where !implementation.isYardstick && !implementation.isPart {
            let result = try implementation.call()
            guard abs(result - naive) <= 1e-4 * max(1, abs(naive)) else {
                throw Refusal("\(setting.operation)/\(implementation.name) has \(result), naive \(naive)")
            }
        }
    }
}

/// Data that is created when it is first needed: listing the names does not need it.
final class Lazy<Value> {
    private let make: () -> Value
    private(set) lazy var value = make()

    init(_ make: @escaping () -> Value) { self.make = make }
}

extension BinaryCrossEntropy {
    /// The count is at least 1, which is the only thing the library checks.
    static func onThreads(_ threads: Int) -> BinaryCrossEntropy {
        try! BinaryCrossEntropy.exact.with(threads: threads == 1 ? .serial : .atMost(threads))
    }
}

/// Memory that is written to before it is timed, and is kept until the program ends.
func zeros(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
    let zeros = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
    zeros.initialize(repeating: 0)
    return zeros
}

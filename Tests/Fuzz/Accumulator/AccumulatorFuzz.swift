// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation
import LibFuzzer

/// Decodes two accumulators from bytes that could come from another machine, and merges them. Any accumulator that is
/// accepted must be safe to use, give the same bits when merged in either order, and survive encoding and decoding.
@main
struct AccumulatorFuzz {
    static func main() throws {
        if CommandLine.arguments.dropFirst().first == "--seeds" {
            return try writeSeeds(to: CommandLine.arguments[2])
        }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { data, size in
                AccumulatorFuzz.run(Data(UnsafeRawBufferPointer(start: data, count: size)))
                return 0
            })
    }

    /// The seed inputs of the fuzzer: encodings of empty sums, of ordinary sums, and of sums of the largest and
    /// smallest numbers, with and without a report.
    private static func writeSeeds(to folder: String) throws {
        let logits: [[Double]] = [[], [0.5, -3, 20], [1e308, -1e308, 1e-308], [-745, 700, .infinity]]
        let accumulators = try logits.flatMap { logits in [(logits, false), (logits, true)] }.map {
            logits, keepsReport in
            var total = LossAccumulator(keepsReport: keepsReport)
            let targets = logits.map { $0 > 0 ? 0 : 1 as UInt8 }
            try BinaryCrossEntropy.exact.add(
                LossBatch(logits: logits.span, targets: targets.span), to: &total)
            return try JSONEncoder().encode(total)
        }
        let encodings =
            try accumulators + logits.map(EvaluationFuzz.seed)
            + logits.flatMap {
                try [GroupsFuzz.seed($0, weighted: false), GroupsFuzz.seed($0, weighted: true)]
            }
        for (first, a) in encodings.enumerated() {
            for (second, b) in encodings.enumerated() {
                try (a + Data("\n".utf8) + b).write(to: URL(fileURLWithPath: "\(folder)/\(first)-\(second)"))
            }
        }
    }

    /// Both accumulators are in one input, separated by a newline.
    private static func run(_ input: Data) {
        let parts = input.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        let accumulators = parts.compactMap { try? JSONDecoder().decode(LossAccumulator.self, from: $0) }
        for accumulator in accumulators { check(accumulator) }
        EvaluationFuzz.run(parts)
        GroupsFuzz.run(parts)
        guard accumulators.count == 2 else { return }
        let (a, b) = (merged(accumulators[0], accumulators[1]), merged(accumulators[1], accumulators[0]))
        precondition((a == nil) == (b == nil), "merging is refused in one order alone")
        guard let a, let b else { return }
        precondition(
            a == b && same(a.sum, b.sum) && same(a.weightSum, b.weightSum), "merging depends on the order")
        check(a)
    }

    /// Returns nil if the total count of elements would overflow.
    private static func merged(_ first: LossAccumulator, _ second: LossAccumulator) -> LossAccumulator? {
        var total = first
        do { try total.merge(second) } catch { return nil }
        return total
    }

    private static func check(_ accumulator: LossAccumulator) {
        precondition(accumulator.count >= 0, "count is \(accumulator.count)")
        _ = (accumulator.mean, accumulator.weightedMean)
        for reduction in [BinaryCrossEntropy.Reduction.sum, .mean, .weightedMean] {
            let report = accumulator.report(reduction)
            precondition((report != nil) == accumulator.keepsReport, "a report is there or not, as promised")
            precondition(report.map { $0.ignoredCount >= 0 } ?? true, "fewer than 0 elements are ignored")
        }
        guard let encoded = try? JSONEncoder().encode(accumulator),
            let decoded = try? JSONDecoder().decode(LossAccumulator.self, from: encoded)
        else { preconditionFailure("what was decoded cannot be encoded and decoded again") }
        precondition(decoded == accumulator, "another accumulator comes back from its encoding")
        precondition(same(decoded.sum, accumulator.sum), "another sum comes back from its encoding")
    }

    private static func same(_ a: Double, _ b: Double) -> Bool { a == b || a.isNaN && b.isNaN }
}

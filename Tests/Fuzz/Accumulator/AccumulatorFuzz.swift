// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation
import LibFuzzer

/// Reads accumulators, evaluations and groups from bytes that could come from another machine, and merges them.
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
                let input = Array(UnsafeRawBufferPointer(start: data, count: size))
                FuzzInput.run(input, as: LossAccumulator.self)
                FuzzInput.run(input, as: BinaryEvaluation.self)
                FuzzInput.run(input, as: GroupedLosses.self)
                return 0
            })
    }

    /// The seed inputs of the fuzzer: empty sums, ordinary ones, and sums of the largest and smallest numbers, with and
    /// without a report or weights.
    private static func writeSeeds(to folder: String) throws {
        let logits: [[Double]] = [[], [0.5, -3, 20], [1e308, -1e308, 1e-308], [-745, 700, .infinity]]
        try write(
            logits.flatMap {
                try [
                    LossAccumulator.seed($0, keepsReport: false), LossAccumulator.seed($0, keepsReport: true),
                ]
            }, to: folder)
        try write(logits.map { try BinaryEvaluation.seed($0) }, to: folder)
        try write(
            logits.flatMap {
                try [GroupedLosses.seed($0, weighted: false), GroupedLosses.seed($0, weighted: true)]
            }, to: folder)
    }

    private static func write<S: FuzzedSums>(_ seeds: [S], to folder: String) throws {
        for (first, a) in seeds.enumerated() {
            for (second, b) in seeds.enumerated() {
                let file = "\(folder)/\(S.self)-\(first)-\(second)"
                try FuzzInput.encodings(a, b).write(to: URL(fileURLWithPath: "\(file).json"))
                try FuzzInput.states(a, b).write(to: URL(fileURLWithPath: "\(file).state"))
            }
            try Data(a.serialized()).write(to: URL(fileURLWithPath: "\(folder)/\(S.self)-\(first)"))
        }
    }
}

extension LossAccumulator: FuzzedSums {
    static var kind: Character { "a" }

    static func seed(_ logits: [Double], keepsReport: Bool) throws -> LossAccumulator {
        var total = LossAccumulator(keepsReport: keepsReport)
        let targets = logits.map { $0 > 0 ? 0 : 1 as UInt8 }
        try BinaryCrossEntropy.exact.add(
            LossBatch(logits: logits.span, targets: targets.span), to: &total)
        return total
    }

    func use() {
        precondition(count >= 0, "count is \(count)")
        _ = (sum, weightSum, mean, weightedMean)
        for reduction in [BinaryCrossEntropy.Reduction.sum, .mean, .weightedMean] {
            let report = report(reduction)
            precondition((report != nil) == keepsReport, "a report is there or not, as promised")
            precondition(report.map { $0.ignoredCount >= 0 } ?? true, "fewer than 0 elements are ignored")
        }
    }
}

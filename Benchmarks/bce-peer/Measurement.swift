// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// Repeats a public call and reads the clocks before and after.
struct Measurement<Element: LossScalar> {
    let threads: BinaryCrossEntropy.ThreadPolicy
    private let data: PeerData<Element>
    /// Receives a gradient or losses.
    private var output: [Element]

    init(threads: BinaryCrossEntropy.ThreadPolicy, data: PeerData<Element>) {
        self.threads = threads
        self.data = data
        output = [Element](repeating: 0, count: data.logits.count)
    }

    /// Wall nanoseconds, CPU nanoseconds, the loss, and the checksum of the output.
    mutating func run(_ name: Substring, repetitions: Int) throws -> String {
        let operation = try PeerOperation(name, threads: threads)
        var value = try call(operation)
        let start = nanoseconds(CLOCK_MONOTONIC)
        let cpuStart = nanoseconds(CLOCK_PROCESS_CPUTIME_ID)
        for _ in 0..<repetitions { value = try call(operation) }
        let cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpuStart
        let wall = nanoseconds(CLOCK_MONOTONIC) - start
        return "\(wall) \(cpu) \(value) \(operation.output.isWritten ? checksum : .nan)"
    }

    @inline(never)
    private mutating func call(_ operation: PeerOperation) throws -> Double {
        // Takes only the arrays that are used: copying each of them costs a reference count, which is noticeable in a
        // call on a thousand elements.
        switch operation.formula {
        case .probabilities:
            let (p, t) = (data.probabilities, data.targets)
            return try call(operation, LossBatch(probabilities: p.span, targets: t.span))
        case .softProbabilities:
            let (p, t) = (data.probabilities, data.softTargets)
            return try call(operation, LossBatch(probabilities: p.span, targets: t.span))
        default: break
        }
        let (x, t) = (data.logits, operation.formula == .missing ? data.targetsWithMissing : data.targets)
        switch operation.formula {
        case .mask:
            let mask = data.mask
            return try call(operation, LossBatch(logits: x.span, targets: t.span).masked(by: mask.span))
        case .weights:
            let weights = data.weights
            let batch = try LossBatch(logits: x.span, targets: t.span)
            return try call(operation, batch.weighted(byElement: weights.span))
        case .rowWeights:
            let weights = data.rowWeights
            let batch = try LossBatch(logits: x.span, targets: t.span, columns: x.count / weights.count)
            return try call(operation, batch.weighted(byRow: weights.span))
        case .columnWeights:
            let weights = data.columnWeights
            let batch = try LossBatch(logits: x.span, targets: t.span, columns: weights.count)
            return try call(operation, batch.weighted(byColumn: weights.span))
        case .columnPositiveWeights:
            let weights = data.columnWeights
            let batch = try LossBatch(logits: x.span, targets: t.span, columns: weights.count)
            return try call(operation, batch.positivesWeighted(byColumn: weights.span))
        default: return try call(operation, LossBatch(logits: x.span, targets: t.span))
        }
    }

    private mutating func call(
        _ operation: PeerOperation, _ batch: borrowing LossBatch<Element>
    ) throws -> Double {
        guard operation.output.isWritten else {
            guard operation.output == .report else { return try operation.loss.loss(batch) }
            let report = try operation.loss.report(batch)
            return report.loss + report.standardError
        }
        var span = output.mutableSpan
        switch operation.output {
        case .losses:
            try operation.loss.writeLosses(batch, into: &span)
            return .nan
        case .gradient:
            try operation.loss.writeGradient(batch, into: &span)
            return .nan
        default: return try operation.loss.loss(batch, writingGradientInto: &span)
        }
    }

    /// The same as `checksum` in `Scripts/peers/workload.py`.
    private var checksum: Double {
        var sum = 0.0
        for (value, target) in zip(output, data.targets) { sum += Double(value * (1 - 1.5 * target)) }
        return sum
    }
}

func nanoseconds(_ clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// The process that started this worker waits for the line.
func flushOutput() { fflush(nil) }

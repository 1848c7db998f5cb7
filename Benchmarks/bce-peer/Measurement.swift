// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

enum PeerOperation: String {
    case probabilities
    case logits
    case gradient
}

/// Repetitions of a public call, and the clocks around them.
struct Measurement {
    let loss: BinaryCrossEntropy
    var data = PeerData()

    init(threads: ThreadPolicy) throws {
        loss = try BinaryCrossEntropy.exact.with(threads: threads)
    }

    /// Wall nanoseconds, CPU nanoseconds, the loss, and the sum of the gradient's magnitudes.
    mutating func run(_ operation: PeerOperation, repetitions: Int) throws -> String {
        var value = try call(operation)
        let start = nanoseconds(CLOCK_MONOTONIC)
        let cpuStart = nanoseconds(CLOCK_PROCESS_CPUTIME_ID)
        for _ in 0..<repetitions { value = try call(operation) }
        let cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpuStart
        let wall = nanoseconds(CLOCK_MONOTONIC) - start
        return "\(wall) \(cpu) \(value) \(operation == .gradient ? magnitude : .nan)"
    }

    @inline(never)
    private mutating func call(_ operation: PeerOperation) throws -> Double {
        switch operation {
        case .probabilities: try loss.loss(probabilities: data.probabilities, targets: data.targets)
        case .logits: try loss.loss(logits: data.logits, targets: data.targets)
        case .gradient: try Self.writeGradient(loss, data.logits, data.targets, &data.gradient)
        }
    }

    private static func writeGradient(
        _ loss: BinaryCrossEntropy, _ logits: [Float], _ targets: [Float], _ gradient: inout [Float]
    ) throws -> Double {
        var span = gradient.mutableSpan
        return try loss.loss(logits: logits.span, targets: targets.span, writingGradientInto: &span)
    }

    /// Each element with the sign that its target gives it.
    private var magnitude: Double {
        var sum = 0.0
        for (gradient, target) in zip(data.gradient, data.targets) {
            sum += Double(gradient * (1 - 2 * target))
        }
        return sum
    }
}

func nanoseconds(_ clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// The conductor waits for the line.
func flushOutput() { fflush(nil) }

// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The data of one table: the predictions of a perfectly calibrated classifier, and the outcomes.
///
/// Logits have standard deviation 3, and each label is drawn with the probability that its logit states. Elements begin
/// on cache lines, and each buffer at a different offset in its page, so that no two streams contend for the same cache
/// sets.
final class Buffers<S: BenchScalar> {
    let predictions: UnsafeBufferPointer<S>
    /// Empty if the targets are bytes or bits.
    let targets: UnsafeBufferPointer<S>
    /// Targets of one byte or one bit each.
    let targetBytes: UnsafeBufferPointer<UInt8>
    let weights: UnsafeBufferPointer<S>
    /// Outputs: losses or a gradient in the first, a Hessian in the second.
    let first: UnsafeMutableBufferPointer<S>
    let second: UnsafeMutableBufferPointer<S>
    private let memory: StaggeredMemory

    init(_ operation: Operation<S>, count: Int) {
        let memory = StaggeredMemory()
        let kind = operation.targets
        let predictions = memory.buffer(S.self, count)
        let targets = memory.buffer(S.self, kind == .zeroOne || kind == .soft ? count : 0)
        let bytes = memory.buffer(
            UInt8.self, kind == .bytes ? count : kind == .bits ? (count + 7) / 8 : 0)
        let weights = memory.buffer(S.self, operation.isWeighted ? count : 0)
        first = memory.buffer(S.self, operation.outputs > 0 ? count : 0)
        second = memory.buffer(S.self, operation.outputs > 1 ? count : 0)

        var random = SplitMix64(state: 20_240_601)
        for i in 0..<count {
            let logit = 3 * random.nextNormal()
            let probability = 1 / (1 + exp(-logit))
            let uniform = random.nextUniform()
            predictions[i] = S(
                operation.domain == .logits ? logit : min(max(probability, 1e-6), 1 - 1e-6))
            let isPositive = uniform < probability
            switch kind {
            case .zeroOne: targets[i] = isPositive ? 1 : 0
            case .soft: targets[i] = S(uniform)
            case .bytes: bytes[i] = isPositive ? 1 : 0
            case .bits: bytes[i / 8] |= (isPositive ? 1 : 0) << UInt8(i % 8)
            }
            if operation.isWeighted { weights[i] = S(0.5 + random.nextUniform()) }
        }
        self.predictions = UnsafeBufferPointer(predictions)
        self.targets = UnsafeBufferPointer(targets)
        targetBytes = UnsafeBufferPointer(bytes)
        self.weights = UnsafeBufferPointer(weights)
        self.memory = memory
    }

    var lastWritten: Double { Double(first.last!) }

    /// Everything that a call wrote.
    var written: [Double] { first.map { Double($0) } + second.map { Double($0) } }

    func clear() {
        first.update(repeating: .nan)
        second.update(repeating: .nan)
    }
}

/// Memory that is written to before it is timed, so that no page faults occur during the measurement.
private final class StaggeredMemory {
    private var blocks: [UnsafeMutableRawPointer] = []

    func buffer<T: Numeric>(_: T.Type, _ count: Int) -> UnsafeMutableBufferPointer<T> {
        let stagger = (blocks.count + 1) * 5 * 64
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: stagger + count * MemoryLayout<T>.stride, alignment: 4096)
        blocks.append(block)
        let first = (block + stagger).bindMemory(to: T.self, capacity: count)
        first.initialize(repeating: 0, count: count)
        return UnsafeMutableBufferPointer(start: first, count: count)
    }

    deinit { blocks.forEach { $0.deallocate() } }
}

/// SplitMix64 (Steele, Lea and Flood 2014): it gives the same numbers on every machine.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// In [0, 1).
    mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Approximately normal, without a logarithm: the sum of four uniform 16-bit numbers, scaled to variance 1.
    mutating func nextNormal() -> Double {
        let bits = next()
        let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + bits >> 48
        return (Double(sum) - 2 * 65535) / (65536 * 0.57735026918962576)
    }
}

import Foundation

/// The data of one table: predictions of a classifier that is as sure as it should be, and what came true.
///
/// Logits have standard deviation 3 and labels are drawn with the probability that the logit states. Elements begin on
/// cache lines, each buffer at another place in its page, so that no two streams contend for the same cache sets.
final class Buffers<S: BenchScalar> {
    let predictions: UnsafeBufferPointer<S>
    let targets: UnsafeBufferPointer<S>
    /// Where unreduced losses go; has no elements where the operation is reduced.
    let output: UnsafeMutableBufferPointer<S>
    private var blocks: [UnsafeMutableRawPointer] = []

    init(_ operation: Operation, count: Int) {
        var blocks: [UnsafeMutableRawPointer] = []
        func allocate(_ count: Int) -> UnsafeMutableBufferPointer<S> {
            let stagger = (blocks.count + 1) * 5 * 64
            let block = UnsafeMutableRawPointer.allocate(
                byteCount: stagger + count * MemoryLayout<S>.stride, alignment: 4096)
            blocks.append(block)
            let first = (block + stagger).bindMemory(to: S.self, capacity: count)
            first.initialize(repeating: 0, count: count)
            return UnsafeMutableBufferPointer(start: first, count: count)
        }
        let predictions = allocate(count)
        let targets = allocate(count)
        output = allocate(operation.isUnreduced ? count : 0)
        self.predictions = UnsafeBufferPointer(predictions)
        self.targets = UnsafeBufferPointer(targets)
        self.blocks = blocks

        var random = SplitMix64(state: 20_240_601)
        for i in 0..<count {
            let logit = 3 * random.nextNormal()
            let probability = 1 / (1 + exp(-logit))
            let uniform = random.nextUniform()
            predictions[i] = S(
                operation.domain == .logits ? logit : min(max(probability, 1e-6), 1 - 1e-6))
            targets[i] = operation.hasSoftTargets ? S(uniform) : uniform < probability ? 1 : 0
        }
    }

    deinit { blocks.forEach { $0.deallocate() } }
}

/// Steele, Lea and Flood 2014: the same numbers on every machine.
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

    /// Nearly normal, without a logarithm: the sum of four uniform numbers of 16 bits, scaled to variance 1.
    mutating func nextNormal() -> Double {
        let bits = next()
        let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + bits >> 48
        return (Double(sum) - 2 * 65535) / (65536 * 0.57735026918962576)
    }
}

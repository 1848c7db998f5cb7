// SPDX-License-Identifier: Apache-2.0

extension ExactSum {
    var magnitude: Magnitude { Magnitude(self) }

    /// The magnitude of a finite sum and its sign.
    ///
    /// It is not copied: a sum has 600 bytes, and a few copies of it take as long as a thousand logits. An element of an
    /// `InlineArray` is read through a span, because its subscript copies the whole array (Swift 6.3).
    struct Magnitude: ~Copyable {
        let isNegative: Bool
        let chunks: InlineArray<75, Int64>

        init(_ sum: ExactSum) {
            var sum = sum
            sum.carry()
            isNegative = sum.chunks[ExactSum.chunkCount - 1] < 0
            if isNegative { sum.negate() }
            chunks = sum.chunks
        }

        /// The position of the highest bit that is set, or nil if the number is 0.
        var highestBit: Int? {
            let chunks = chunks.span
            for index in stride(from: ExactSum.chunkCount - 1, through: 0, by: -1) where chunks[index] != 0 {
                return index * 32 + 63 - chunks[index].leadingZeroBitCount
            }
            return nil
        }

        /// At most 53 bits.
        func bits(_ range: ClosedRange<Int>) -> UInt64 {
            let chunks = chunks.span
            let first = min(range.lowerBound / 32, ExactSum.chunkCount - 1)
            var window: UInt128 = 0
            for index in first..<min(first + 3, ExactSum.chunkCount) {
                window |= UInt128(UInt64(bitPattern: chunks[index])) << UInt128((index - first) * 32)
            }
            let shifted = window >> UInt128(range.lowerBound - first * 32)
            return UInt64(truncatingIfNeeded: shifted & ((1 << UInt128(range.count)) - 1))
        }

        func hasBits(below position: Int) -> Bool {
            let chunks = chunks.span
            let chunk = min(position / 32, ExactSum.chunkCount - 1)
            if chunks[chunk] & ((1 << Int64(position - chunk * 32)) - 1) != 0 { return true }
            for index in 0..<chunk where chunks[index] != 0 { return true }
            return false
        }
    }
}

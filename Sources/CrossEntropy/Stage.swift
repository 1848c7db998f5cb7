// SPDX-License-Identifier: Apache-2.0

internal import KernelLevels

/// What is spread over a block of elements before its kernel runs: weights of rows and columns, and bits that do not
/// begin at a byte.
///
/// 9 KiB on the stack, in one place that is never copied: it stays in the L1 cache, nothing is allocated, and a thread
/// with a stack of 64 KiB has room for it.
@unsafe
struct Stage {
    @safe static let size = 512

    private let weights, positiveWeights: UnsafeMutablePointer<Double>
    private let targets, mask: UnsafeMutablePointer<UInt8>

    static func withStage(_ body: (Stage) -> Void) {
        // Two columns of Doubles and two of bytes.
        var room = InlineArray<1152, Double>(repeating: 0)
        unsafe withUnsafeMutableBytes(of: &room) { room in
            unsafe body(Stage(room.baseAddress!))
        }
    }

    private init(_ room: UnsafeMutableRawPointer) {
        let bytes = unsafe room + 2 * Self.size * MemoryLayout<Double>.stride
        unsafe weights = room.assumingMemoryBound(to: Double.self)
        unsafe positiveWeights = weights + Self.size
        unsafe targets = bytes.assumingMemoryBound(to: UInt8.self)
        unsafe mask = targets + Self.size
    }

    /// The tile of a block: what is spread where it must be, and what lies ready in the batch where it may.
    func tile(_ batch: BatchMemory, _ block: Range<Int>) -> LossTile {
        let start = block.lowerBound
        return unsafe LossTile(
            predictions: batch.predictions(from: start),
            targets: spread(batch.targets(from: 0), block, targets) ?? batch.targets(from: start),
            weights: spreadWeights(batch, block) ?? batch.weights?.from(start),
            positiveWeights: spreadPositiveWeights(batch, block),
            mask: batch.mask.map { unsafe spread($0, block, mask) ?? $0.from(start) }, count: block.count)
    }

    private func spreadWeights(_ batch: BatchMemory, _ block: Range<Int>) -> ElementColumn? {
        guard batch.rowWeights != nil || batch.columnWeights != nil else { return nil }
        for index in 0..<block.count {
            unsafe weights[index] = batch.weights?.number(block.lowerBound + index) ?? 1
        }
        unsafe multiply(weights, batch.rowWeights, block) { $0 / batch.columns }
        unsafe multiply(weights, batch.columnWeights, block) { $0 % batch.columns }
        return unsafe ElementColumn(weights, .double)
    }

    private func spreadPositiveWeights(_ batch: BatchMemory, _ block: Range<Int>) -> ElementColumn? {
        guard let given = batch.positiveColumnWeights else { return nil }
        unsafe positiveWeights.update(repeating: 1, count: block.count)
        unsafe multiply(positiveWeights, given, block) { $0 % batch.columns }
        return unsafe ElementColumn(positiveWeights, .double)
    }

    private func multiply(
        _ weights: UnsafeMutablePointer<Double>, _ factors: ElementColumn?, _ block: Range<Int>,
        _ place: (Int) -> Int
    ) {
        guard let factors else { return }
        for index in 0..<block.count {
            unsafe weights[index] *= factors.number(place(block.lowerBound + index))
        }
    }

    /// Bits that begin inside a byte, as bytes; nil for anything else.
    private func spread(
        _ elements: ElementColumn, _ block: Range<Int>, _ bytes: UnsafeMutablePointer<UInt8>
    ) -> ElementColumn? {
        guard elements.storage == .bit, block.lowerBound % 8 != 0 else { return nil }
        for index in 0..<block.count { unsafe bytes[index] = elements.bit(block.lowerBound + index) }
        return unsafe ElementColumn(bytes, .byte)
    }
}

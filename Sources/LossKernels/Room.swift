// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels

/// Where a block of elements is staged: 20 KiB of the stack, so that it stays in the L1 cache, nothing is allocated, and a
/// thread with a stack of 64 KiB has room for it.
struct Room {
    /// Elements of a block, and bytes of an array of them. A kernel writes whole vectors, the last of them behind the end.
    static func elements(_ type: DType) -> Int { array / type.bytes(1) }
    private static let array = 2048
    private static let slack = 128

    let predictions, targets, positive, negative, weight, results: UnsafeMutableRawPointer
    let columnWeights, positiveColumnWeights, mask: UnsafeMutableRawPointer
    /// VK_ROW_SCRATCH bytes, which only sums of rows use.
    var rowScratch: UnsafeMutableRawPointer { positive }
    /// Predictions that a gradient is written over.
    let overwritten: UnsafeMutableRawPointer

    init(_ base: UnsafeMutableRawPointer) {
        let stride = Self.array + Self.slack
        (predictions, targets) = (base, base + stride)
        (positive, negative) = (base + 2 * stride, base + 3 * stride)
        (weight, results) = (base + 4 * stride, base + 5 * stride)
        (columnWeights, positiveColumnWeights) = (base + 6 * stride, base + 7 * stride)
        (overwritten, mask) = (base + 8 * stride, base + 9 * stride)
        assert(Int(VK_ROW_SCRATCH) <= 4 * stride)
        assert(9 * stride + 512 + 64 <= Int(VK_ROOM))
    }
}

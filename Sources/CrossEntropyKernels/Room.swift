// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Where a block of elements is staged: 20 KiB of stack, so that the block stays in the L1 cache, nothing is allocated,
/// and a thread with a stack of 64 KiB has enough space for it.
struct Room {
    /// The number of elements in a block, and the bytes of an array of them. A kernel writes whole vectors, so the last
    /// one may extend past the end.
    static func elements(_ type: DType) -> Int { array / type.bytes(1) }
    /// The number of elements after which column weights may repeat: as many as fit, followed by those that lanes of
    /// the given type read past the last one.
    static func repeatedElements(_ type: DType, lanes: DType) -> Int {
        (array + slack) / type.bytes(1) - following(lanes)
    }
    /// The number of elements in a block that needs a single array, either for the weights of its rows or for the losses
    /// of a report: it takes several places, from `long` on.
    static func elementsOfLong(_ type: DType) -> Int { 5 * elements(type) }
    static func following(_ lanes: DType) -> Int {
        (lanes == .double ? Double.WideLanes.count : Float.WideLanes.count) - 1
    }
    private static let array = 2048
    private static let slack = 128

    let predictions, targets, weights, positiveWeights: UnsafeMutableRawPointer
    /// Row and column weights, repeated for each element.
    let rowWeights, columnWeights, positiveColumnWeights: UnsafeMutableRawPointer
    /// Losses or a gradient, and a Hessian, in a type other than that of the final output.
    let results, hessian: UnsafeMutableRawPointer
    let mask: UnsafeMutableRawPointer

    /// A copy of predictions that a gradient overwrites. In that case there is no Hessian.
    var overwritten: UnsafeMutableRawPointer { hessian }
    /// The place of an array of five times the usual length.
    var long: UnsafeMutableRawPointer { rowWeights }
    /// VK_ROW_SCRATCH bytes, used only by sums of rows.
    var rowScratch: UnsafeMutableRawPointer { weights }

    init(_ base: UnsafeMutableRawPointer) {
        let stride = Self.array + Self.slack
        (predictions, targets) = (base, base + stride)
        (weights, positiveWeights) = (base + 2 * stride, base + 3 * stride)
        (rowWeights, columnWeights) = (base + 4 * stride, base + 5 * stride)
        positiveColumnWeights = base + 6 * stride
        (results, hessian) = (base + 7 * stride, base + 8 * stride)
        mask = base + 9 * stride
        assert(long + 5 * stride == mask)
        assert(Int(VK_ROW_SCRATCH) <= 4 * stride)
        assert(9 * stride + 512 + 64 <= Int(VK_ROOM))
    }
}

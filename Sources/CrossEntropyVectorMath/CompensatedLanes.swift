// SPDX-License-Identifier: Apache-2.0

/// A sum whose rounding errors are summed separately (Knuth's TwoSum). Without this, the sum of hundreds of equal weights
/// would be wrong by tens of ulp.
@frozen
public struct CompensatedLanes {
    @usableFromInline var sum = F64x16.zero
    @usableFromInline var lost = F64x16.zero

    @export(implementation) @inline(always) public init() {}

    @export(implementation) @inline(always)
    public mutating func add(_ numbers: F64x16) {
        let next = sum + numbers
        let added = next - sum
        lost = lost + ((sum - (next - added)) + (numbers - added))
        sum = next
    }

    /// If the sum is infinite, the sum of its rounding errors is ignored.
    @export(implementation) @inline(always)
    public var value: Double {
        let (sum, lost) = (sum.sum, lost.sum)
        return lost.isFinite ? sum + lost : sum
    }
}

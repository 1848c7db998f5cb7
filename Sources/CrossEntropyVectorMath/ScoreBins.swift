// SPDX-License-Identifier: Apache-2.0

/// The bins of a histogram of logits: symmetric about 0, from 1/512 wide near 0 to 1/64 wide near 40.
///
/// The bin of a logit x is read from the bits of |x| + 4: its exponent and the eleven highest bits of its significand.
/// Bins are therefore 1/512 wide for |x| < 4, 1/256 up to 12, 1/128 up to 28, and 1/64 up to 40; one more bin at each
/// end has the logits beyond 40, including infinite ones. A bin includes its border nearer to 0. A group of 64 bins lies
/// between two consecutive integers.
public enum LogitBins {
    @export(implementation) @inline(always) public static var groupBins: Int { 64 }
    /// Up to 4, 12, 28 and 40, there are 3 x 2,048 + 768 bins; the group after them has a single bin.
    @export(implementation) @inline(always) public static var groupsPerSide: Int { 6912 / 64 + 1 }
    @export(implementation) @inline(always) public static var middle: Int { groupsPerSide * groupBins }
    @export(implementation) @inline(always) public static var count: Int { 2 * middle }

    /// The leading bits of 4, the exponent of which is 1,025.
    @export(implementation) @inline(always) static var bitsOfFour: Int { 1025 << 11 }
    @export(implementation) @inline(always) static var greatestBorder: Double { 40 }

    /// The index of the bin of each logit. NaN is put in a bin, too.
    @export(implementation) @inline(always)
    public static func index(of logit: F64x16) -> F64x16 {
        let (four, end) = (F64x16(repeating: 4), F64x16(repeating: greatestBorder + 4))
        let moved = logit.magnitude + four
        let bits = end.ifGreater(moved, moved, end).leadingBits
        // An integer in the low bits of 2^52 is converted by a subtraction.
        let number = (bits | F64x16(repeating: 0x1p52)) - F64x16(repeating: 0x1p52 + Double(bitsOfFour))
        let middle = F64x16(repeating: Double(middle))
        return logit.ifAtLeast(F64x16.zero, middle + number, middle - F64x16.one - number)
    }

    /// The lower border of a group of logits that are not negative.
    public static func lowerBorder(ofGroup group: Int) -> Double {
        Double(bitPattern: UInt64(bitsOfFour + group * groupBins) << 41) - 4
    }
}

/// The bins of equal width of a reliability table, numbered as scikit-learn's `calibration_curve` with the strategy
/// "uniform" does: bin i has the probabilities in (i s, (i + 1) s], where s is 1 / count, rounded, and the first bin
/// also has 0.
@frozen
public struct ProbabilityBins {
    @usableFromInline let count: F64x16
    @usableFromInline let step: F64x16
    @usableFromInline let last: F64x16

    @export(implementation) @inline(always)
    public init(count: Int) {
        self.count = F64x16(repeating: Double(count))
        step = F64x16(repeating: 1 / Double(count))
        last = F64x16(repeating: Double(count - 1))
    }

    /// The index of the bin of each probability. NaN, and a number outside [0, 1], is put in a bin, too.
    @export(implementation) @inline(always)
    public func index(of probability: F64x16) -> F64x16 {
        let shift = F64x16(repeating: Double.roundingShift)
        let nearest = (probability * count + shift) - shift
        let bin = probability.ifGreater(nearest * step, nearest, nearest - F64x16.one)
        // A comparison with NaN selects the last bin.
        return last.ifAtLeast(bin, bin, last).atLeast(F64x16.zero)
    }
}

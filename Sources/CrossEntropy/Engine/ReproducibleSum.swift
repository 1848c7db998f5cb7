// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyKernels

/// A sum of Doubles that is bitwise identical in whatever order and grouping they are added, like an `ExactSum`, but in
/// a twelfth of its memory. It is used where there are thousands of sums: one for each group, or for each bin.
///
/// It consists of three chunks. The unit of chunk k is 2^(32 k - 1074). A value is added to the chunk that contains its
/// lowest bit, as an integer number of units. The largest value alone determines which chunk is the highest, values of
/// chunks below the three are dropped, and nothing is carried from one chunk to another. The contents of a chunk
/// therefore do not depend on the order of the values (the method of Ahrens, Demmel and Nguyen 2020, "Algorithms for
/// Efficient Reproducible Floating Point Summation", with integers).
///
/// Error: the largest value is at least 2^52 units of its chunk. A value that is dropped is below 2^84 units of a chunk
/// that is at least three lower, and therefore below 2^-64 of the largest value. Reading the sum adds two roundings.
///
/// Capacity: a value is below 2^84 units, so a sum of 2^42 values (`mostTerms`) takes 126 of the 127 bits of a chunk, and
/// reading the sum does not overflow.
struct ReproducibleSum: Sendable, BitwiseCopyable {
    /// The lowest chunk first.
    var chunks = InlineArray<3, Int128>(repeating: 0)
    /// The index of the highest chunk.
    var top: Int16 = 0
    var special = Special()

    /// Which kinds of values that are not finite have been added.
    struct Special: OptionSet, BitwiseCopyable {
        let rawValue: UInt8

        static let positive = Special(rawValue: 1)
        static let negative = Special(rawValue: 2)
        static let nan = Special(rawValue: 4)
    }

    /// The index of the highest chunk of the largest finite Double.
    static let greatestTop = 2045 >> 5

    /// The number of values that can be added.
    static let mostTerms = 1 << 42

    init() {}

    /// The sum of `count` values that are 1.
    init(ones count: Int) {
        guard count > 0 else { return }
        add(1)
        for index in 0..<3 { chunks[index] *= Int128(count) }
    }

    mutating func add(_ value: Double) {
        guard value.isFinite else {
            special.insert(value.isNaN ? .nan : value > 0 ? .positive : .negative)
            return
        }
        let term = vk_cut(value)
        if term.chunk > top { raise(to: Int(term.chunk)) }
        add(term) { value }
    }

    /// Adds a sum of `count` values. If the sum is equal to `count`, it is added as that many ones, otherwise as one
    /// value. Weights of 1 therefore give the same bits whether they are added as the sum of a slab, one by one, or are
    /// not given.
    mutating func add(_ sum: Double, of count: Int) {
        if sum == Double(count) { add(ReproducibleSum(ones: count)) } else { add(sum) }
    }

    /// Adds a value that has been made a term.
    ///
    /// The branches are easy to predict. The chunk that a value belongs to differs from value to value, but affects
    /// only an address.
    ///
    /// - Parameters:
    ///   - term: the value as an integer number of units of a chunk.
    ///   - value: returns the value. It is called only if the value is infinite or NaN, or needs a higher chunk.
    @inline(always)
    mutating func add(_ term: SumTerm, _ value: () -> Double) {
        // The index in `chunks` of the chunk that the value belongs to. Values with an index below 0 are dropped.
        let place = 2 &+ Int(term.chunk) &- Int(top)
        guard place <= 2 else { return add(value()) }
        guard place >= 0 else { return }
        unsafe chunks[unchecked: place] &+= Int128(term.high) &<< 64 | Int128(term.low)
    }

    /// Adds the values of another sum. The result wraps around only if a state was read that no values can have.
    mutating func add(_ other: ReproducibleSum) {
        if other.top > top { raise(to: Int(other.top)) }
        var other = other
        other.raise(to: Int(top))
        for index in 0..<3 { chunks[index] &+= other.chunks[index] }
        special.formUnion(other.special)
    }

    /// Moves the chunks so that the highest one has the index `newTop`.
    @inline(never)
    private mutating func raise(to newTop: Int) {
        let distance = newTop - Int(top)
        for index in 0..<3 { chunks[index] = index + distance < 3 ? chunks[index + distance] : 0 }
        top = Int16(newTop)
    }

    /// The sum, to within 2^-52 of it; infinite if it exceeds the range of Double.
    var value: Double { scaled.value }

    /// The sum regardless of its magnitude.
    var scaled: ScaledDouble {
        guard special.isEmpty else {
            return ScaledDouble(
                special == .positive ? .infinity : special == .negative ? -.infinity : .nan)
        }
        let middle = chunks[1] &+ chunks[0] >> 32
        let rest = (middle & 0xffff_ffff) << 32 | chunks[0] & 0xffff_ffff
        let sum = Double(chunks[2] &+ middle >> 32) * 0x1p64 + Double(rest)
        let scaled = ScaledDouble(sum, timesTwoTo: (Int(top) - 2) * 32 - 1074)
        return scaled.value.isNormal || sum == 0 ? ScaledDouble(scaled.value) : scaled
    }
}

extension ReproducibleSum: Equatable {
    package static func == (a: ReproducibleSum, b: ReproducibleSum) -> Bool {
        a.top == b.top && a.special == b.special && (0..<3).allSatisfy { a.chunks[$0] == b.chunks[$0] }
    }
}

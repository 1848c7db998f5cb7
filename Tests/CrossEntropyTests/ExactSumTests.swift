// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport
import XCTest

/// The exact sum compared with integers that have a separate count for each bit.
final class ExactSumTests: XCTestCase {
    func test_value_numbersOfTheWholeRange_isNearestToTheSum() {
        for seed in UInt64(1)...60 {
            var generator = SplitMix64(seed: seed)
            let numbers = (0..<500).map { _ in generator.anyFinite() }
            var sum = ExactSum()
            var oracle = BitCounts()
            for number in numbers {
                sum.add(number)
                oracle.add(number)
            }
            // The sum of numbers near the largest Double may be more than a Double can represent.
            guard sum.value.isFinite else { continue }
            assertIsNearest(sum.value, oracle, "seed=\(seed)")
        }
    }

    func test_value_cancellationToSubnormalNumbers_isNearestToTheSum() {
        for seed in UInt64(100)...160 {
            var generator = SplitMix64(seed: seed)
            var numbers = (0..<100).map { _ in generator.anyFinite() }
            numbers += numbers.map { -$0 }
            numbers.append(Double(bitPattern: UInt64.random(in: 0..<1 << 54, using: &generator)))
            numbers.shuffle(using: &generator)
            var sum = ExactSum()
            for number in numbers { sum.add(number) }
            assertIsNearest(sum.value, numbers.reduce(into: BitCounts()) { $0.add($1) }, "seed=\(seed)")
            XCTAssertLessThan(sum.value, 0x1p-960)
        }
    }

    /// 60 to 80 numbers of very different sizes caused the parts of an earlier sum to overflow.
    func test_add_manyNumbersOfDifferentSize_doesNotOverrun() {
        var sum = ExactSum()
        for exponent in -1074...1023 { sum.add(Double(sign: .plus, exponent: exponent, significand: 1)) }
        // 2^-1074 + ... + 2^1023 is 2^1024 - 2^-1074, which rounds to 2^1024.
        XCTAssertEqual(sum.value, .infinity)
        sum.add(-0x1p1023)
        XCTAssertEqual(sum.value, 0x1p1023)
        XCTAssertEqual(sum.scaled.value, 0x1p1023)
    }

    func test_add_intermediateOverflow_doesNotMatter() {
        let a = 1.7e308
        for order in [[a, a, -a], [a, -a, a], [-a, a, a]] {
            var sum = ExactSum()
            for number in order { sum.add(number) }
            XCTAssertEqual(sum.value, a, "\(order)")
        }
        var sum = ExactSum()
        for _ in 0..<8192 { sum.add(Double.greatestFiniteMagnitude) }
        XCTAssertEqual(sum.value, .infinity)
        XCTAssertEqual(sum.scaled / ScaledDouble(8192), .greatestFiniteMagnitude)
        for _ in 0..<8191 { sum.add(-Double.greatestFiniteMagnitude) }
        XCTAssertEqual(sum.value, .greatestFiniteMagnitude)
    }

    func test_add_infinitiesAndNaN_areThoseOfAnyOrder() {
        let cases: [(numbers: [Double], sum: Double)] = [
            ([1, .infinity, 2], .infinity), ([-.infinity, -.infinity], -.infinity),
            ([.infinity, 1, -.infinity], .nan), ([.nan, .infinity], .nan), ([.infinity, .nan], .nan),
        ]
        for (numbers, expected) in cases {
            var sum = ExactSum()
            for number in numbers { sum.add(number) }
            XCTAssertTrue(sum.value == expected || sum.value.isNaN && expected.isNaN, "\(numbers)")
        }
    }

    func test_add_scaledNumbers_isExact() {
        var sum = ExactSum()
        sum.add(ScaledDouble(3, timesTwoTo: 1100))
        sum.add(ScaledDouble(-3 * 0x1p-30, timesTwoTo: 1100))
        sum.add(ScaledDouble(5, timesTwoTo: -1190))
        sum.add(ScaledDouble(-3, timesTwoTo: 1100))
        sum.add(ScaledDouble(3 * 0x1p-30, timesTwoTo: 1100))
        XCTAssertEqual(sum.value, 0)
        XCTAssertEqual(sum.scaled / ScaledDouble(1, timesTwoTo: -1190), 5)
    }

    func test_mergedSums_anyOrder_sameBits() {
        var generator = SplitMix64(seed: 7)
        let sums = (0..<50).map { _ in
            (0..<10_000).reduce(into: ExactSum()) { sum, _ in sum.add(generator.anyFinite()) }
        }
        let first = sums.reduce(into: ExactSum()) { $0.add($1) }
        for _ in 0..<20 {
            let total = sums.shuffled(using: &generator).reduce(into: ExactSum()) { $0.add($1) }
            XCTAssertEqual(total, first)
            XCTAssertEqual(total.value.bitPattern, first.value.bitPattern)
        }
    }

    /// Asserts that `value` is at most half an ulp from the exact sum, and even if it is exactly half an ulp away.
    private func assertIsNearest(_ value: Double, _ exact: BitCounts, _ message: String) {
        var rest = exact
        rest.add(-value)
        let ulp = value.ulp
        for sign in [1.0, -1] {
            var double = rest
            double.add(rest)
            double.add(sign * ulp)
            let limit = double.sign * Int(sign)
            XCTAssertTrue(
                limit > 0 || limit == 0 && value.significandBitPattern & 1 == 0, "\(message): \(value)")
        }
    }
}

/// An integer in units of 2^-1074, stored as a count for each bit; carries are propagated only when it is read.
struct BitCounts {
    private var counts = [Int](repeating: 0, count: 2200)

    mutating func add(_ value: Double) {
        let exponent = Int(value.exponentBitPattern)
        let significand = value.significandBitPattern | (exponent == 0 ? 0 : 1 << 52)
        for bit in 0..<53 where significand >> UInt64(bit) & 1 == 1 {
            counts[bit + max(exponent - 1, 0)] += value.sign == .minus ? -1 : 1
        }
    }

    mutating func add(_ other: BitCounts) {
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    /// The sign: -1, 0 or 1.
    var sign: Int {
        var carry = 0
        var isZero = true
        for count in counts {
            let sum = count + carry
            isZero = isZero && sum & 1 == 0
            carry = sum >> 1
        }
        return carry < 0 ? -1 : isZero && carry == 0 ? 0 : 1
    }
}

extension SplitMix64 {
    /// A random bit pattern that represents a finite number.
    mutating func anyFinite() -> Double {
        while true {
            let number = Double(bitPattern: next())
            if number.isFinite { return number }
        }
    }
}

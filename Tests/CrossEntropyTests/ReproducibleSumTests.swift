// SPDX-License-Identifier: Apache-2.0

import TestSupport
import XCTest

@testable import CrossEntropy

/// Reproducible sums against exact ones.
final class ReproducibleSumTests: XCTestCase {
    private func sum(_ values: some Sequence<Double>) -> ReproducibleSum {
        values.reduce(into: ReproducibleSum()) { $0.add($1) }
    }

    private func exactSum(_ values: some Sequence<Double>) -> Double {
        values.reduce(into: ExactSum()) { $0.add($1) }.value
    }

    func test_add_anyOrderAndGrouping_sameBits() {
        for seed in 331..<431 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            let width = generator.below(1000)
            let values = (0..<200).map { _ in
                scalbn(generator.normal(), generator.below(2 * width + 1) - width)
            }
            let whole = sum(values)
            var parts: [ReproducibleSum] = []
            var rest = values.shuffled(using: &generator)[...]
            while !rest.isEmpty {
                let count = 1 + generator.below(rest.count)
                parts.append(sum(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            let merged = parts.shuffled(using: &generator).reduce(into: ReproducibleSum()) { $0.add($1) }
            XCTAssertEqual(merged, whole, "seed \(seed)")
            XCTAssertEqual(merged.value.bitPattern, whole.value.bitPattern, "seed \(seed)")
        }
    }

    /// Each value loses less than 2^-64 of the largest one, and reading the sum adds two roundings of 2^-53.
    func test_add_valuesOfBothSigns_isTheExactSumWithinTheBound() {
        for seed in 441..<641 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            let width = 1 + generator.below(120)
            let values = (0..<100).map { _ in scalbn(generator.normal(), -generator.below(width)) }
            let largest = values.reduce(0) { max($0, $1.magnitude) }
            let expected = exactSum(values)
            XCTAssertEqual(
                sum(values).value, expected, accuracy: 100 * 0x1p-64 * largest + 0x1p-52 * expected.magnitude,
                "seed \(seed)")
        }
    }

    /// The exact sum of a million values of one sign, added in the precision of `Reference` in blocks of 1,000.
    func test_add_manyPositiveValues_isTheSumInHigherPrecision() {
        var generator = SplitMix64(seed: 651)
        let values = (0..<1_000_000).map { _ in -log(1 - generator.unit()) }
        let blocks = stride(from: 0, to: values.count, by: 1000).map { start in
            values[start..<start + 1000].reduce(0 as Reference) { $0 + Reference($1) }
        }
        let expected = Double(blocks.reduce(0, +))
        #if arch(x86_64)
            // 2,000 additions with 64 bits, and two roundings to Double.
            let accuracy = 2000 * 0x1p-64 + 0x1p-52
        #else
            let accuracy = 2000 * 0x1p-53
        #endif
        XCTAssertEqual(sum(values).value, expected, accuracy: accuracy * expected, "seed 651")
    }

    func test_add_valuesThatCancel_leavesTheSmallOne() {
        for value in [1, 0x1p-1040, 1.5e308] {
            let small = value * 0x1p-25
            XCTAssertEqual(sum([value, small, -value]).value, small)
            XCTAssertEqual(sum([small, -value, value]).value, small)
        }
        XCTAssertEqual(
            sum([1, 0x1p-300, -1]).value, 0, "a part that is 2^-300 of the largest value is dropped")
    }

    func test_add_numbersThatAreNotFinite_areKept() {
        XCTAssertEqual(sum([1, .infinity, 2]).value, .infinity)
        XCTAssertEqual(sum([-.infinity, 1e308]).value, -.infinity)
        XCTAssertTrue(sum([.infinity, 1, -.infinity]).value.isNaN)
        XCTAssertTrue(sum([1, .nan]).value.isNaN)
        XCTAssertEqual(sum([.infinity, 1]), sum([1, .infinity]))
        XCTAssertEqual(sum([.greatestFiniteMagnitude, .greatestFiniteMagnitude]).value, .infinity)
        XCTAssertEqual(
            sum([.greatestFiniteMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude]).value,
            .greatestFiniteMagnitude)
    }

    func test_add_subnormalNumbers_isExact() {
        let least = Double.leastNonzeroMagnitude
        XCTAssertEqual(sum([Double](repeating: least, count: 1000)).value, 1000 * least)
        let around = [0x1p-1022, -0x1p-1023, 3 * least, -0x1.8p-1022]
        XCTAssertEqual(sum(around).value, exactSum(around))
    }

    func test_ones_anyCount_areAsIfAddedOneByOne() {
        for count in [0, 1, 2, 1000] {
            XCTAssertEqual(ReproducibleSum(ones: count), sum([Double](repeating: 1, count: count)))
        }
        XCTAssertEqual(ReproducibleSum(ones: ReproducibleSum.mostTerms).value, 0x1p42)
    }

    func test_text_anySum_isReadBack() {
        var generator = SplitMix64(seed: 661)
        for _ in 0..<200 {
            var values = (0..<10).map { _ in generator.anyFinite() }
            if generator.chance(oneIn: 4) { values.append(-.infinity) }
            let sum = sum(values)
            XCTAssertEqual(ReproducibleSum(text: sum.text), sum, "\(sum.text), seed 661")
            XCTAssertTrue(sum.isSum(ofTerms: values.count))
        }
        let good = "32:1:-a:0:0"
        XCTAssertNotNil(ReproducibleSum(text: good))
        for (from, to) in [
            ("32", "-1"), ("32", "64"), ("32", "+32"), ("-a", "-A"), (":0:0", ":0:8"), (":0:0", ":0"),
        ] {
            let text = good.replacing(from, with: to)
            XCTAssertNil(ReproducibleSum(text: text), text)
        }
    }
}

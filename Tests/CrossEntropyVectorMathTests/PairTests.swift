// SPDX-License-Identifier: Apache-2.0

import TestSupport
import XCTest

@testable import CrossEntropyVectorMath

/// The lanes of a pair are those of its halves.
final class PairTests: XCTestCase {
    private typealias Wide = Float.WideLanes
    private let count = Wide.count

    private func numbers(_ seed: UInt64, _ count: Int) -> [Float] {
        var random = SplitMix64(seed: seed)
        let special: [Float] = [.nan, .infinity, -.infinity, 0, -0.0, 1, -1, 0x1p-149]
        return (0..<count).map {
            $0 % 9 == 0 ? special[$0 / 9 % 8] : Float.random(in: -4...4, using: &random)
        }
    }

    /// The result in wide lanes, and the results of the same operation on sixteen lanes at a time.
    private func results(
        _ wide: (Wide, Wide, Wide) -> Wide, _ narrow: (F32x16, F32x16, F32x16) -> F32x16
    ) -> (wide: [UInt32], narrow: [UInt32]) {
        let (a, b, c) = (numbers(1, count), numbers(2, count), numbers(3, count))
        var (first, second) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
        func load<L: Lanes>(_ numbers: [Float], _ index: Int, _: L.Type) -> L where L.Scalar == Float {
            numbers.withUnsafeBytes { L.load(Float.self, $0.baseAddress!, index) }
        }
        let result = wide(load(a, 0, Wide.self), load(b, 0, Wide.self), load(c, 0, Wide.self))
        first.withUnsafeMutableBufferPointer { result.store($0.baseAddress!, 0) }
        for index in stride(from: 0, to: count, by: F32x16.count) {
            let part = narrow(
                load(a, index, F32x16.self), load(b, index, F32x16.self), load(c, index, F32x16.self))
            second.withUnsafeMutableBufferPointer { part.store($0.baseAddress!, index) }
        }
        return (first.map(\.bitPattern), second.map(\.bitPattern))
    }

    private func check(
        _ name: String, _ wide: (Wide, Wide, Wide) -> Wide, _ narrow: (F32x16, F32x16, F32x16) -> F32x16
    ) {
        let (wide, narrow) = results(wide, narrow)
        XCTAssertEqual(wide, narrow, name)
    }

    func test_everyOperation_onWideLanes_isThatOnSixteen() {
        check("+", { a, b, _ in a + b }, { a, b, _ in a + b })
        check("-", { a, b, _ in a - b }, { a, b, _ in a - b })
        check("*", { a, b, _ in a * b }, { a, b, _ in a * b })
        check("/", { a, b, _ in a / b }, { a, b, _ in a / b })
        check("multiplyAdd", { Wide.multiplyAdd($0, $1, $2) }, { F32x16.multiplyAdd($0, $1, $2) })
        check("magnitude", { a, _, _ in a.magnitude }, { a, _, _ in a.magnitude })
        check("atMost", { a, b, _ in a.atMost(b) }, { a, b, _ in a.atMost(b) })
        check("atLeast", { a, b, _ in a.atLeast(b) }, { a, b, _ in a.atLeast(b) })
        check("ifGreater", { a, b, c in a.ifGreater(b, c, a) }, { a, b, c in a.ifGreater(b, c, a) })
        check("ifAtLeast", { a, b, c in a.ifAtLeast(b, c, a) }, { a, b, c in a.ifAtLeast(b, c, a) })
        check("ifEqual", { a, b, c in a.ifEqual(b, c, b) }, { a, b, c in a.ifEqual(b, c, b) })
        check("bits", { a, b, c in (a | b) & (c ^ a) }, { a, b, c in (a | b) & (c ^ a) })
        check("addingBits", { a, b, _ in a.addingBits(b) }, { a, b, _ in a.addingBits(b) })
        check("largerBits", { a, b, _ in a.largerBits(b) }, { a, b, _ in a.largerBits(b) })
        check("to exponent", { a, _, _ in a.bitsMovedToExponent }, { a, _, _ in a.bitsMovedToExponent })
        check("from exponent", { a, _, _ in a.bitsMovedFromExponent }, { a, _, _ in a.bitsMovedFromExponent })
        check("doubled", { a, _, _ in a.bitsDoubled }, { a, _, _ in a.bitsDoubled })
        check("sign", { a, _, _ in a.signMovedToLowestBit }, { a, _, _ in a.signMovedToLowestBit })
        check(
            "exp", { a, _, _ in expOfNegative(a.magnitude, gradual: true) },
            { a, _, _ in expOfNegative(a.magnitude, gradual: true) })
    }

    func test_loadAndStore_everyPrefix_readAndWriteOnlyThat() {
        let source = numbers(4, count)
        for prefix in 0..<count {
            let region = Array(source[..<prefix])
            let lanes = region.withUnsafeBytes { bytes in
                Wide.load(
                    Float.self, bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 64)!, 0, prefix: prefix)
            }
            var all = [Float](repeating: 7, count: count)
            all.withUnsafeMutableBufferPointer { lanes.store($0.baseAddress!, 0) }
            XCTAssertEqual(
                all.map(\.bitPattern),
                (region + [Float](repeating: 0, count: count - prefix)).map(\.bitPattern),
                "prefix \(prefix)")
            var stored = [Float](repeating: 7, count: count)
            stored.withUnsafeMutableBufferPointer { lanes.store($0.baseAddress!, 0, prefix: prefix) }
            XCTAssertEqual(
                stored.map(\.bitPattern),
                (region + [Float](repeating: 7, count: count - prefix)).map(\.bitPattern), "prefix \(prefix)")
        }
    }

    func test_hasBits_oneLane_isFound() {
        XCTAssertFalse(Wide.zero.hasBits)
        for lane in 0..<count {
            var numbers = [Float](repeating: 0, count: count)
            numbers[lane] = -0.0
            let lanes = numbers.withUnsafeBytes { Wide.load(Float.self, $0.baseAddress!, 0) }
            XCTAssertTrue(lanes.hasBits, "lane \(lane)")
        }
    }

    func test_folded_sumsAndIndices_areThoseOfTheLanes() {
        XCTAssertEqual(Wide.indices.foldedSum.widened.sum, Double(count * (count - 1) / 2))
        XCTAssertEqual(Wide.one.foldedSum.widened.sum, Double(count))
        let lanes = Wide.indices.inPrefix(21, else: Wide(repeating: 100))
        XCTAssertEqual(lanes.foldedSum.widened.sum, Double(20 * 21 / 2 + 100 * (count - 21)))
        XCTAssertEqual(Double.WideLanes.indices.foldedSum.sum, 31 * 16)
    }
}

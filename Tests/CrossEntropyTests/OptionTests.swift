// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import XCTest

/// Rejected input: one typed error that names the argument or option, the index and the value.
final class OptionTests: XCTestCase {
    private func assertError<T>(
        _ expected: CrossEntropyError, file: StaticString = #filePath, line: UInt = #line,
        _ body: () throws -> T
    ) {
        XCTAssertThrowsError(try body(), file: file, line: line) { error in
            XCTAssertEqual(error as? CrossEntropyError, expected, file: file, line: line)
        }
    }

    func test_init_badEpsilon_namesIt() {
        for epsilon in [0, -1, 0.5, 0.6, .infinity] as [Double] {
            assertError(
                .invalidOption(option: "clipping.epsilon", value: epsilon, allowed: "a number in (0, 0.5)")
            ) {
                try BinaryCrossEntropy(clipping: .clipped(epsilon: epsilon))
            }
        }
        XCTAssertThrowsError(try BinaryCrossEntropy(clipping: .clipped(epsilon: .nan)))
    }

    func test_init_badFloor_namesIt() {
        for floor in [0, 1, -.infinity] as [Double] {
            assertError(.invalidOption(option: "logFloor", value: floor, allowed: "a finite number below 0"))
            {
                try BinaryCrossEntropy(clipping: .logFloor(floor))
            }
        }
        XCTAssertThrowsError(try BinaryCrossEntropy(clipping: .logFloor(.nan)))
    }

    func test_threads_none_isRefused() {
        assertError(.invalidOption(option: "threads", value: 0, allowed: "1 or more")) {
            try BinaryCrossEntropy(threads: .atMost(0))
        }
    }

    func test_everyEntryPoint_countsDiffer_namesBoth() {
        let (two, three): ([Float], [Float]) = ([0.5, 0.5], [0, 1, 0])
        let error = CrossEntropyError.countMismatch(argument: "targets", count: 3, expected: 2)
        let loss = BinaryCrossEntropy.exact
        assertError(error) { try loss.loss(logits: two, targets: three) }
        assertError(error) { try loss.loss(probabilities: two, targets: three) }
        assertError(error) { try loss.losses(logits: two, targets: three) }
        assertError(error) { try loss.losses(probabilities: two, targets: three) }
        XCTAssertEqual("\(error)", "targets has 3 elements, expected 2")
    }

    func test_writeLosses_shortOutput_isRefusedBeforeWriting() {
        var output: [Float] = [7, 7]
        let three: [Float] = [0, 1, 0]
        assertError(.outputTooShort(argument: "losses", count: 2, needed: 3)) {
            var span = output.mutableSpan
            try BinaryCrossEntropy.exact.writeLosses(logits: three.span, targets: three.span, into: &span)
        }
        XCTAssertEqual(output, [7, 7])
    }

    func test_check_badValue_namesTheFirst() {
        for index in [0, 15, 16, 4095, 4096, 8192, 9998] {
            for value: Float in [1.5, -0.1, .infinity] {
                var elements = [Float](repeating: 0.5, count: 9999)
                elements[index] = value
                elements[9998] = index == 9998 ? value : 2
                assertError(
                    .valueOutOfDomain(
                        argument: "probabilities", index: index, value: Double(value), domain: "[0, 1]")
                ) { try BinaryCrossEntropy.check(probabilities: elements.span) }
                assertError(
                    .valueOutOfDomain(
                        argument: "targets", index: index, value: Double(value), domain: "[0, 1]")
                ) { try BinaryCrossEntropy.check(targets: elements.span) }
            }
        }
    }

    func test_check_nan_isFound() {
        let elements: [Double] = [0, .infinity, -.infinity, .nan]
        XCTAssertThrowsError(try BinaryCrossEntropy.check(logits: elements.span)) {
            guard case .valueOutOfDomain("logits", 3, _, _)? = $0 as? CrossEntropyError else {
                return XCTFail("\($0)")
            }
        }
        XCTAssertNoThrow(try BinaryCrossEntropy.check(logits: elements.span.extracting(0..<3)))
    }

    func test_check_byteTargets_areZeroOrOne() {
        let bytes: [UInt8] = [0, 1, 2]
        assertError(.valueOutOfDomain(argument: "targets", index: 2, value: 2, domain: "{0, 1}")) {
            try BinaryCrossEntropy.check(targets: bytes.span)
        }
    }

    func test_init_badFormula_namesTheOption() {
        for value in [1.5, -0.1, .nan] as [Double] {
            XCTAssertThrowsError(try BinaryCrossEntropy(labelSmoothing: value)) {
                assertOption("labelSmoothing", $0)
            }
        }
        for value in [-1, .infinity, .nan] as [Double] {
            XCTAssertThrowsError(try BinaryCrossEntropy(positiveWeight: value)) {
                assertOption("positiveWeight", $0)
            }
            XCTAssertThrowsError(try BinaryCrossEntropy.Focal(gamma: value)) { assertOption("gamma", $0) }
            XCTAssertThrowsError(try BinaryCrossEntropy.Focal(alpha: value)) { assertOption("alpha", $0) }
            XCTAssertThrowsError(
                try BinaryCrossEntropy(probabilityGradient: .boundedFactors(epsilon: value))
            ) { assertOption("probabilityGradient.epsilon", $0) }
        }
        for value in [0, 0.5, 1, .nan] as [Double] {
            XCTAssertThrowsError(try BinaryCrossEntropy(missingTargets: .value(value))) {
                assertOption("missingTargets", $0)
            }
        }
    }

    private func assertOption(_ name: String, _ error: any Error) {
        guard case .invalidOption(name, _, _)? = error as? CrossEntropyError else {
            return XCTFail("\(error)")
        }
    }

    func test_batch_wrongShapes_areNamed() throws {
        let (six, four): ([Float], [Float]) = ([0, 1, 0, 1, 0, 1], [1, 1, 1, 1])
        let bools = four.map { $0 == 1 }
        let bytes = four.map { UInt8($0) }
        let batch = try LossBatch(logits: six.span, targets: six.span, columns: 3)
        func assertCount(_ argument: String, _ expected: Int, _ body: () throws -> Void) {
            assertError(.countMismatch(argument: argument, count: 4, expected: expected)) { try body() }
        }
        assertCount("weights", 6) { _ = try batch.weighted(byElement: four.span).count }
        assertCount("row weights", 2) { _ = try batch.weighted(byRow: four.span).count }
        assertCount("column weights", 3) { _ = try batch.weighted(byColumn: four.span).count }
        assertCount("positive column weights", 3) {
            _ = try batch.positivesWeighted(byColumn: four.span).count
        }
        assertCount("positive weights", 6) { _ = try batch.positivesWeighted(byElement: four.span).count }
        assertCount("mask", 6) { _ = try batch.masked(by: bools.span).count }
        assertCount("packedTargets", 1) {
            _ = try LossBatch(logits: six.span, packedTargets: bytes.span).count
        }
        assertError(.invalidOption(option: "columns", value: 4, allowed: "a divisor of the 6 elements")) {
            _ = try LossBatch(logits: six.span, targets: six.span, columns: 4).count
        }
        XCTAssertThrowsError(try LossBatch(logits: six.span, targets: six.span, columns: 0).count)
        XCTAssertThrowsError(try LossBatch(logits: six.span, targets: six.span, columns: -3).count)
        XCTAssertThrowsError(try batch.weighted(by: .nan).count) { assertOption("weight", $0) }
        assertError(.givenTwice(argument: "weights")) {
            _ = try batch.weighted(byElement: six.span).weighted(byElement: six.span).count
        }
        assertError(.outputTooShort(argument: "row losses", count: 1, needed: 2)) {
            var output = [four[0]]
            var span = output.mutableSpan
            try BinaryCrossEntropy.exact.writeRowLosses(batch, into: &span)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// Texts that readers of .csv files stumble over, with what Python's csv module and float() make of each
/// (Scripts/csv/make_hostile.py). The tool refuses a text or reads the same.
final class HostileCSVTests: XCTestCase {
    private struct Case: Decodable {
        let name: String
        let text: Data
        let mustBeRead: Bool
        /// The number of rows and the sum of their losses; nil if Python finds a mistake.
        let result: Result?
    }

    private struct Result: Decodable {
        let count: Int
        let loss: Double

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            count = try values.decode(Int.self)
            let text = try values.decode(String.self)
            loss = try XCTUnwrap(Double(text))
        }
    }

    private func cases() throws -> [Case] {
        let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/hostile-csv.json")
        return try JSONDecoder().decode([Case].self, from: Data(contentsOf: fixture))
    }

    private static let options = "--prediction p --target t --logits --reduction sum --json"

    func test_loss_hostileText_isRefusedOrReadAsPythonReadsIt() throws {
        let tool = try Tool()
        let cases = try cases()
        for (index, hostile) in cases.enumerated() { try tool.write("\(index).csv", hostile.text) }
        _ = try tool.shell(
            "for i in $(seq 0 \(cases.count - 1)); do \"$BCE\" loss $i.csv \(Self.options) >$i.out 2>$i.err; done"
        )
        var read = 0
        for (index, hostile) in cases.enumerated() {
            let output = try tool.read("\(index).out")
            guard !output.isEmpty else {
                let error = String(decoding: try tool.read("\(index).err"), as: UTF8.self)
                XCTAssertFalse(hostile.mustBeRead, "\(hostile.name): \(error)")
                XCTAssertTrue(error.contains("Error: "), "\(hostile.name): \(error)")
                continue
            }
            read += 1
            try assertSame(output, hostile)
        }
        XCTAssertGreaterThan(read, 60, "texts that Python reads are mostly read")
    }

    func test_loss_hostileTextFromAPipe_isTreatedAlike() throws {
        let tool = try Tool()
        for hostile in try cases() where !hostile.name.hasPrefix("seed") {
            try tool.write("hostile.csv", hostile.text)
            let fromFile = try tool.shell("\"$BCE\" loss hostile.csv \(Self.options)")
            let fromPipe = try tool.shell("cat hostile.csv | \"$BCE\" loss - \(Self.options)")
            XCTAssertEqual(fromFile.status, fromPipe.status, hostile.name)
            XCTAssertEqual(fromFile.output, fromPipe.output, hostile.name)
            XCTAssertEqual(
                fromFile.error.replacingOccurrences(of: "hostile.csv", with: "standard input"), fromPipe.error
            )
        }
    }

    private func assertSame(_ output: Data, _ hostile: Case) throws {
        let result = try XCTUnwrap(hostile.result, "\(hostile.name): Python finds a mistake")
        let object = try JSONSerialization.jsonObject(with: output) as? [String: Any]
        XCTAssertEqual(object?["count"] as? Int, result.count, hostile.name)
        let text = object?["loss"] as? String
        let loss = (object?["loss"] as? Double) ?? (text == "Infinity" ? .infinity : .nan)
        // Both are within a few roundings of the sum, whose terms are all positive.
        let isSame = loss == result.loss || abs(loss - result.loss) <= 1e-13 * result.loss
        XCTAssertTrue(isSame, "\(hostile.name): \(loss), Python's \(result.loss)")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// Tests that the tool rejects its input: the error contains given words, nothing is printed, and the status is not 0.
class RefusalTestCase: XCTestCase {
    func assertRefused(
        _ tool: Tool, _ predictions: String, _ targets: String, _ words: String...,
        file: StaticString = #filePath,
        line: UInt = #line
    ) throws {
        let result = try tool.run("loss", predictions, targets)
        XCTAssertNotEqual(result.status, 0, file: file, line: line)
        XCTAssertEqual(result.output, "", file: file, line: line)
        for word in words {
            XCTAssertTrue(result.error.contains(word), "\(word) in \(result.error)", file: file, line: line)
        }
    }

    func toolWithTargets() throws -> Tool {
        let tool = try Tool()
        try tool.write("t.npy", NPY.file("<f8", [0.0, 1, 0, 0]))
        return tool
    }
}

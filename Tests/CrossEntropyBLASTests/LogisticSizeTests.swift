// SPDX-License-Identifier: Apache-2.0

import CrossEntropyBLAS
import XCTest

/// Objectives whose sizes are far apart.
final class LogisticSizeTests: XCTestCase {
    /// Matrices without rows may have any number of columns. No product of these numbers may overflow.
    func test_objective_moreParametersThanBLASCounts_isRefused() throws {
        let (nothing, limit): ([Float], Int) = ([], Int(Int32.max))
        for (columns, labels) in [(limit, limit), (1 << 16, 1 << 15), (limit, 1)] {
            let features = try MatrixView(nothing.span, rows: 0, columns: columns)
            let targets = try MatrixView(nothing.span, rows: 0, columns: labels)
            do {
                _ = try LogisticObjective(features: features, targets: targets)
                XCTFail("\(columns) columns, \(labels) labels")
            } catch {
                XCTAssertEqual(
                    error,
                    .matrixTooLarge(argument: "parameters", rows: labels, columns: columns + 1, limit: limit))
            }
        }
        let features = try MatrixView(nothing.span, rows: 0, columns: limit)
        let one = try LogisticObjective(features: features, targets: nothing.span, hasIntercept: false)
        XCTAssertEqual(one.parameterCount, limit)
    }

    func test_workspace_ofFewRows_growsWithTheRows() throws {
        let labels = 100_000
        let (nothing, bits): ([Float], [Bool]) = ([], [Bool](repeating: true, count: 3 * labels))
        for rows in 1...3 {
            let features = try MatrixView(nothing.span, rows: rows, columns: 0)
            let targets = try MatrixView(bits.span, rows: rows, columns: labels)
            let objective = try LogisticObjective(features: features, targets: targets)
            // There is a sum of 8 bytes per parameter, and for each element, four Floats and room for a target of 8
            // bytes.
            XCTAssertLessThan(objective.workspaceByteCount, labels * (8 + 24 * rows) + 4096, "\(rows) rows")
        }
    }
}

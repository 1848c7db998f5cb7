// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// Rows of a log with one prediction, the first of which are positive.
struct LogRows {
    let prediction: Double
    let count: Int
    let positives: Int

    var rate: Double { Double(positives) / Double(count) }
}

extension Tool {
    /// The figure of these rows.
    static func plot(_ rows: [LogRows]) throws -> FigureXML {
        let lines = rows.flatMap { rows in
            (0..<rows.count).map { "\(rows.prediction),\($0 < rows.positives ? 1 : 0)\n" }
        }
        return try Tool().plot("p,t\n" + lines.joined())
    }

    /// The figure of a .csv file with the columns p and t.
    func plot(_ csv: String, _ options: String..., file: StaticString = #filePath, line: UInt = #line) throws
        -> FigureXML
    {
        try plot(Data(csv.utf8), options, file: file, line: line)
    }

    func plot(
        _ csv: Data, _ options: [String], file: StaticString = #filePath, line: UInt = #line
    ) throws -> FigureXML {
        try write("log.csv", csv)
        let arguments = ["evaluate", "log.csv", "--prediction", "p", "--target", "t", "--plot", "f.svg"]
        let result = try run(arguments + options)
        XCTAssertEqual(result.status, 0, result.error, file: file, line: line)
        return try FigureXML(read("f.svg"))
    }
}

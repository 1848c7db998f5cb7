// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a row, and where in its block.
struct CSVProblem: Error {
    /// The number of line feeds, and of rows, before it in the block.
    var line: Int
    var row = 0
    /// The column, counting from 1; nil if the row as a whole is wrong.
    var column: Int?
    let kind: Kind

    enum Kind {
        /// The text is not a row of a .csv file, or not a number.
        case text(String)
        /// The number that the text stands for is outside its domain.
        case domain(Domain, Double, text: String)
    }

    /// - Parameters:
    ///   - lines: the number of lines of the file before the block.
    ///   - rows: the number of rows of numbers before the block.
    func error(in path: FilePath, lines: Int, rows: Int) -> ToolError {
        let place = "\(path), line \(lines + line + 1)" + (column.map { ", column \($0)" } ?? "")
        return switch kind {
        case .text(let text): ToolError("\(place): \(text)")
        case .domain(let domain, let value, let text):
            ToolError("\(domain.error(rows + row, value)) (\(place): \"\(text)\")")
        }
    }
}

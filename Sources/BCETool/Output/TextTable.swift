// SPDX-License-Identifier: Apache-2.0

/// Text in columns. The first is aligned to the left, all others to the right.
struct TextTable {
    let lines: [String]

    init(_ header: [String], _ rows: [[String]]) {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].length }.max()! }
        lines = all.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.length)
                return column == 0 ? cell.0 + space : space + cell.0
            }.joined(separator: "  ")
        }
    }
}

extension String {
    /// The number of characters. For ASCII text, it is the number of bytes, which is found ten times as fast.
    fileprivate var length: Int {
        utf8.allSatisfy { $0 < 0x80 } ? utf8.count : count
    }
}

extension Double {
    /// With a fixed number of decimal places; "nan" or "inf" if it is not finite.
    func formatted(places: Int) -> String { isNaN ? "nan" : String(printf: "%.\(places)f", self) }
}

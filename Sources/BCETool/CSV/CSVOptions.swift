// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// How the .csv files of a command are read.
struct CSVOptions {
    /// Whether the first row names the columns.
    let hasHeader: Bool
    /// What separates fields; nil for a tab in .tsv files and a comma in all others.
    var delimiter: UInt8?
    /// The value of a target whose cell is empty; nil if an empty cell is an error.
    var emptyTarget: Double?
    var threads = BinaryCrossEntropy.ThreadPolicy.automatic

    func dialect(of path: FilePath) -> CSVDialect {
        CSVDialect(
            hasHeader: hasHeader,
            delimiter: delimiter ?? (path.hasSuffix(".tsv") ? UInt8(ascii: "\t") : UInt8(ascii: ",")))
    }
}

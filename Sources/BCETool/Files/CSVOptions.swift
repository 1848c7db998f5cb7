// SPDX-License-Identifier: Apache-2.0

/// How the .csv files of a command are read.
struct CSVOptions {
    /// Whether the first row names the columns.
    let hasHeader: Bool
    /// What a cell without text means; nil where it is an error.
    var emptyCell: Double?
}

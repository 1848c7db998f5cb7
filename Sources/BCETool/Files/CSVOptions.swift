// SPDX-License-Identifier: Apache-2.0

/// How the .csv files of a command are read.
struct CSVOptions {
    /// Whether the first row names the columns.
    let hasHeader: Bool
    /// What an empty cell means; nil if it is an error.
    var emptyCell: Double?
}

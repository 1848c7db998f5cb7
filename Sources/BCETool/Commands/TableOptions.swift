// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Arguments that name the columns of one .csv file or of standard input.
struct TableOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The column of predictions in a .csv or .tsv file that also holds the targets.",
            discussion: "A column is given by its name, or by its number from 1.", valueName: "COLUMN"))
    var prediction: String?

    @Option(help: ArgumentHelp("The column of targets in the same file.", valueName: "COLUMN"))
    var target: String?

    @Option(help: ArgumentHelp("The column of weights in the same file.", valueName: "COLUMN"))
    var weight: String?

    @Option(
        help: ArgumentHelp(
            "Also print the loss of each group, which is all rows with the same text in this column.",
            discussion: """
                For each group: the number of rows that count, the sum of their targets, the loss, its standard \
                error, and the share of the sum of all losses, by which the groups are sorted.
                """, valueName: "COLUMN"))
    var by: String?

    @Option(
        help: ArgumentHelp(
            "Print only the N groups with the largest share of the sum of all losses.", valueName: "N"))
    var top: Int?

    @Flag(
        name: .customLong("no-header"),
        help: ArgumentHelp(
            "The first row of .csv files is data and not a header; columns are given by number.",
            discussion: """
                In .csv files, lines end with LF or CR LF, and quotes surround whole fields. Blank lines, rows of \
                different lengths, and naming a column whose name occurs twice are errors. Numbers are written as for \
                Python's float(), including inf and nan, but without underscores. Targets and masks may also be true \
                or false. Numbers beyond the range of f8 are errors, and so are empty cells, except for targets with \
                --missing nan.
                """))
    var hasNoHeader = false

    @Option(
        help: ArgumentHelp(
            "The character between the fields of .csv files, or tab. (default: a comma; a tab in .tsv files)",
            valueName: "CHARACTER"))
    var delimiter: Delimiter?

    func validate() throws {
        if let top {
            guard by != nil else {
                throw ValidationError("--top limits the number of groups, but --by is missing")
            }
            guard top >= 1 else { throw ValidationError("--top is \(top), expected 1 or more") }
        }
        if prediction == nil {
            for (option, value) in [("--target", target), ("--weight", weight), ("--by", by)]
            where value != nil {
                throw ValidationError("\(option) needs --prediction, which names the column of predictions")
            }
        } else if target == nil {
            throw ValidationError("--prediction needs --target, which names the column of targets")
        }
    }
}

/// A byte that separates fields.
struct Delimiter: ExpressibleByArgument {
    let byte: UInt8

    /// One printable ASCII character, or a tab, which may be written as "tab" or "\t".
    init?(argument: String) {
        if argument == "tab" || argument == "\\t" {
            byte = UInt8(ascii: "\t")
            return
        }
        let bytes = argument.argumentBytes()
        guard bytes.count == 1, bytes[0] == UInt8(ascii: "\t") || (0x20...0x7E).contains(bytes[0]) else {
            return nil
        }
        // Letters, digits and signs are parts of numbers.
        let character = Character(Unicode.Scalar(bytes[0]))
        guard !character.isLetter, !character.isNumber, !"\"+-.".contains(character) else { return nil }
        byte = bytes[0]
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Arguments that name the columns of one .csv file or of standard input.
struct TableOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The column of predictions in the only file, which may be - for standard input.",
            discussion: "Columns have names, or numbers from 1.", valueName: "COLUMN"))
    var prediction: String?

    @Option(help: ArgumentHelp("The column of targets.", valueName: "COLUMN"))
    var target: String?

    @Option(help: ArgumentHelp("The column of weights.", valueName: "COLUMN"))
    var weight: String?

    @Option(
        help: ArgumentHelp(
            "Also compute the loss of each group of rows with the same text in this column.",
            valueName: "COLUMN"))
    var by: String?

    @Option(
        help: ArgumentHelp(
            "Of the groups, show only the N with the largest share of the loss.", valueName: "N"))
    var top: Int?

    @Flag(
        name: .customLong("no-header"),
        help: ArgumentHelp(
            "The first row of .csv files is data, not a header; columns have numbers from 1.",
            discussion: """
                Lines end with LF or CR LF, and quotes surround whole fields. Blank lines, rows of another length, and \
                a column asked for by a name that two have are errors. Numbers are as Python's float() takes them (inf \
                and nan too, but no underscores), targets and masks also true or false; a number beyond the range of \
                f8 is an error. An empty cell is one too, unless it is a target and --missing nan is given.
                """))
    var hasNoHeader = false

    @Option(
        help: ArgumentHelp(
            "What separates the fields of .csv files. (default: a comma, in .tsv files a tab)",
            valueName: "CHARACTER"))
    var delimiter: Delimiter?

    func validate() throws {
        if let top {
            guard by != nil else { throw ValidationError("--top is for groups: --by is missing") }
            guard top >= 1 else { throw ValidationError("--top is \(top), expected 1 or more") }
        }
        if prediction == nil {
            for (option, value) in [("--target", target), ("--weight", weight), ("--by", by)]
            where value != nil {
                throw ValidationError("\(option) names a column beside --prediction, which is missing")
            }
        } else if target == nil {
            throw ValidationError("--prediction names a column beside --target, which is missing")
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

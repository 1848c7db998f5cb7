// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Arguments that say what is printed and written.
struct OutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the loss of each element to this .npy file, in the predictions' type (f4 for f2) and shape.",
            valueName: "FILE.npy"))
    var elementsTo: String?

    @Option(
        help: ArgumentHelp(
            "Write the gradient of the loss with respect to the predictions; likewise.", valueName: "FILE.npy"
        ))
    var gradientTo: String?

    @Option(
        help: ArgumentHelp(
            "Write the diagonal of the Hessian with respect to logits; likewise.", valueName: "FILE.npy"))
    var hessianTo: String?

    @Flag(
        help: ArgumentHelp(
            "Print a loss for each row of 2-D predictions.",
            discussion: "With --json they are the array \"rowLosses\" beside the loss of all."))
    var byRow = false

    @Flag(
        help: ArgumentHelp(
            "Print a loss for each column of 2-D predictions.",
            discussion: "With --json they are the array \"columnLosses\" beside the loss of all."))
    var byColumn = false

    @Flag(
        help: ArgumentHelp(
            "Print counts and the standard error too.",
            discussion: """
                Elements that count and that do not (masked or missing), the sum of the weights, losses that the \
                preset clipped, predictions that are certain, and the standard error of the loss.
                """))
    var report = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        if byRow, byColumn {
            throw ValidationError("--by-row and --by-column are two questions: ask one at a time")
        }
        if byRow || byColumn, gradientTo != nil || hessianTo != nil {
            throw ValidationError(
                "--gradient-to and --hessian-to are of the loss of all elements, not of "
                    + (byRow ? "--by-row" : "--by-column"))
        }
    }
}

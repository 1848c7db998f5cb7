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
            "Write the gradient of the loss with respect to the predictions, in the same type and shape.",
            valueName: "FILE.npy"))
    var gradientTo: String?

    @Option(
        help: ArgumentHelp(
            "Write the diagonal of the Hessian with respect to logits, in the same type and shape.",
            valueName: "FILE.npy"))
    var hessianTo: String?

    @Flag(
        help: ArgumentHelp(
            "Print a loss for each row of 2-D predictions.",
            discussion:
                "With --json, they are the array \"rowLosses\", in addition to the loss of all elements."))
    var byRow = false

    @Flag(
        help: ArgumentHelp(
            "Print a loss for each column of 2-D predictions.",
            discussion:
                "With --json, they are the array \"columnLosses\", in addition to the loss of all elements."))
    var byColumn = false

    @Flag(
        help: ArgumentHelp(
            "Also print counts and the standard error of the loss.",
            discussion: """
                The counts are the number of elements that count and of those that do not (masked or missing), the \
                sum of the weights, and the numbers of losses that the preset clipped and of predictions that are \
                certain.
                """))
    var report = false

    @Flag(help: "Print the results as one JSON object.")
    var json = false

    func validate() throws {
        if byRow, byColumn {
            throw ValidationError("--by-row and --by-column cannot be combined")
        }
        if byRow || byColumn, gradientTo != nil || hessianTo != nil {
            throw ValidationError(
                "--gradient-to and --hessian-to are derivatives of the loss of all elements, and cannot be combined "
                    + "with \(byRow ? "--by-row" : "--by-column")")
        }
    }
}

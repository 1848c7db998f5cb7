// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The arguments of `bce pairwise`. Both programs parse them: `bce-pairwise`, and `bce`, to report mistakes
/// immediately.
package struct PairwiseOptions: ParsableArguments {
    package static let abstract =
        "The loss of every row of predictions against every row of targets, as a matrix."
    package static let discussion = """
        Predictions of m x k and targets of n x k (2-D .npy files) give m x n losses, each the mean (or sum) over \
        k: the cost matrix of a matching. In the predictions' type, f4 for f2; the errors of f4 are about 1e-7 of \
        the losses of the row, of f8 1e-16. The file is written when all is computed, or not at all.
        """

    /// The OpenBLAS environment variable that asks for a single thread. Each thread takes 128 MiB as soon as it starts,
    /// and waits forever if it does not get them.
    package static let oneThread = (variable: "OPENBLAS_NUM_THREADS", value: "1")

    /// The environment in which the program runs if memory is limited. glibc would otherwise reserve 64 MiB for each thread
    /// that allocates, possibly just after it was checked that OpenBLAS gets its own.
    package static let limitedMemory = [oneThread, (variable: "MALLOC_ARENA_MAX", value: "1")]

    @Argument(help: "Probabilities, or logits with --logits: m x k.")
    var predictions: String

    @Argument(help: "Targets in [0, 1]: n x k.")
    var targets: String

    @Flag(help: "The predictions are logits.")
    var logits = false

    @OptionGroup(title: "Formula")
    var formula: FormulaOptions

    @Option(help: ArgumentHelp("Write the matrix of losses to this file.", valueName: "FILE.npy"))
    var out: String

    package init() {}

    package mutating func validate() throws {
        if formula.positiveWeight?.file != nil {
            throw ValidationError("--positive-weight must be a number here, not a file")
        }
    }
}

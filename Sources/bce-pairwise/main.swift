// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BCETool
import CrossEntropy
import CrossEntropyBLAS

/// The `bce pairwise` command, as `bce` starts it.
struct BCEPairwise: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bce-pairwise", abstract: PairwiseOptions.abstract,
        discussion: PairwiseOptions.discussion)

    @OptionGroup
    var options: PairwiseOptions

    func run() throws {
        try OpenBLAS.prepare()
        try options.run(BLASLosses())
    }
}

final class BLASLosses: PairwiseLosses {
    private let workspace = BLASWorkspace()
    private var hasMemory = false

    func write<P: LossScalar, T: LossTarget>(
        _ options: BinaryCrossEntropy, _ predictions: MatrixView<P>, isLogits: Bool, _ targets: MatrixView<T>,
        into losses: inout MutableMatrixView<P>
    ) throws {
        if !hasMemory { try OpenBLAS.takeMemory() }
        hasMemory = true
        if isLogits {
            try options.writePairwiseLosses(
                logits: predictions, targets: targets, into: &losses, workspace: workspace)
        } else {
            try options.writePairwiseLosses(
                probabilities: predictions, targets: targets, into: &losses, workspace: workspace)
        }
    }
}

Program.run(BCEPairwise.self)

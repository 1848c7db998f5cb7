// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The `bce` command: binary cross-entropy of files.
package struct BCE: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "bce",
        abstract: "Binary cross-entropy of predictions and targets in .npy and .csv files, in nats.",
        subcommands: [LossCommand.self, EvaluateCommand.self, PairwiseCommand.self, ExplainCommand.self])

    package init() {}
}

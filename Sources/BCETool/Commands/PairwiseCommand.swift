// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `bce pairwise`, which is a separate program next to `bce`. Only this command needs OpenBLAS, whose threads start as
/// soon as a program that is linked with it starts, and would take memory and processors from all other commands.
struct PairwiseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairwise", abstract: PairwiseOptions.abstract, discussion: PairwiseOptions.discussion)

    @OptionGroup
    var options: PairwiseOptions

    func run() throws {
        if Memory.isLimited {
            for (variable, value) in PairwiseOptions.limitedMemory { unsafe setenv(variable, value, 1) }
        }
        throw try Program.become("bce-pairwise", dropping: Self._commandName)
    }
}

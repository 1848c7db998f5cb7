// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// `bce pairwise`, which is a program of its own beside `bce`: only this command needs OpenBLAS, whose threads begin
/// with the program that is linked with it, and take memory and processors from all others.
struct PairwiseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairwise", abstract: PairwiseOptions.abstract, discussion: PairwiseOptions.discussion)

    @OptionGroup
    var options: PairwiseOptions

    func run() throws {
        if Memory.isLimited {
            unsafe setenv(PairwiseOptions.oneThread.variable, PairwiseOptions.oneThread.value, 1)
        }
        throw try Program.become("bce-pairwise", dropping: Self._commandName)
    }
}

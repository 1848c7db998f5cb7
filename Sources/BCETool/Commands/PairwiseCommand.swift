import ArgumentParser

/// `bce pairwise`, which is a program of its own beside `bce`: only this command needs OpenBLAS, whose threads begin
/// with the program that is linked with it, and take memory and processors from all others.
struct PairwiseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairwise", abstract: PairwiseOptions.abstract, discussion: PairwiseOptions.discussion)

    @OptionGroup
    var options: PairwiseOptions

    func run() throws { throw try Program.become("bce-pairwise", dropping: Self._commandName) }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossEntropy

/// Arguments that choose the formula of a loss.
struct FormulaOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The library whose formula is used, or exact.",
            discussion: """
                They differ for probabilities near 0 and 1. With exact, a prediction that is certain and wrong costs \
                infinity. keras clips probabilities by 1e-7, keras2 does so twice, and scikit-learn clips them by the \
                epsilon of their type. pytorch replaces logarithms below -100 by -100. The reduction of scikit-learn \
                is weighted-mean, unless --reduction is given.
                """))
    var preset: Preset = .exact

    @Option(
        help: ArgumentHelp(
            "How losses become one number: mean, sum or weighted-mean. (default: the preset's)",
            discussion: """
                mean divides the sum by the number of elements that count, weighted-mean by the sum of their weights.
                """))
    var reduction: BinaryCrossEntropy.Reduction?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Targets t become t (1 - S) + S / 2; S in [0, 1].", valueName: "S"))
    var labelSmoothing: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Weight of the positive part of each loss: a number, or a file with one per element or column.",
            valueName: "W|FILE"))
    var positiveWeight: PositiveWeight?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Focal loss: losses are multiplied by (1 - p_t)^G. (2 if only --focal-alpha is given)",
            valueName: "G"))
    var focalGamma: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Focal loss: losses of positive targets are multiplied by A, of negative ones by 1 - A.",
            valueName: "A"))
    var focalAlpha: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Targets that are nan (or empty, in a .csv file), or that are this number outside [0, 1], do not count.",
            valueName: "nan|VALUE"))
    var missing: BinaryCrossEntropy.MissingTargets = .never

    @Option(help: "Use at most this many threads. (default: as many as are useful)")
    var threads: Int?

    func validate() throws {
        if let threads, threads < 1 {
            throw ValidationError("--threads is \(threads), expected 1 or more")
        }
        do { _ = try options } catch { throw ValidationError("\(error)") }
    }

    /// The library's options. Its errors are rephrased in terms of the arguments.
    var options: BinaryCrossEntropy {
        get throws {
            let preset = preset.options
            do throws(CrossEntropyError) {
                return try preset.with(reduction: reduction ?? preset.reduction).with(
                    labelSmoothing: labelSmoothing, positiveWeight: positiveWeight?.number,
                    focal: focal(), missingTargets: missing, threads: threadPolicy)
            } catch {
                throw Self.renamed(error)
            }
        }
    }

    var threadPolicy: BinaryCrossEntropy.ThreadPolicy { threads.map { .atMost($0) } ?? .automatic }

    /// If only alpha is given, gamma is 2, as in the published focal loss and in Keras and torchvision.
    private func focal() throws(CrossEntropyError) -> BinaryCrossEntropy.Focal? {
        guard focalGamma != nil || focalAlpha != nil else { return nil }
        return try BinaryCrossEntropy.Focal(gamma: focalGamma ?? 2, alpha: focalAlpha)
    }

    private static func renamed(_ error: CrossEntropyError) -> any Error {
        guard case .invalidOption(let option, let value, let allowed) = error, let name = arguments[option]
        else { return error }
        return ToolError("\(name) is \(value), expected \(allowed)")
    }

    private static let arguments = [
        "labelSmoothing": "--label-smoothing", "positiveWeight": "--positive-weight",
        "gamma": "--focal-gamma", "alpha": "--focal-alpha", "missingTargets": "--missing",
    ]
}

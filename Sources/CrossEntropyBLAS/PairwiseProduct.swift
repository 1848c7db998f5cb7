// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropy
internal import CrossEntropyKernels
internal import CrossEntropyVectorMath

/// The parameters that all blocks of a matrix of pairwise losses have in common.
struct PairwiseProduct {
    let formula: Formula
    let level: KernelLevel
    let threads: BinaryCrossEntropy.ThreadPolicy
    /// The factor of sums: 1 divided by the number of columns for a mean, 1 for a sum.
    let factor: Double
    let columns: Int
    private let isFocal, checksDomains: Bool

    init(
        _ options: BinaryCrossEntropy, _ domain: PredictionDomain, _ dtype: DType, targets: DType,
        columns: Int
    ) throws(CrossEntropyError) {
        var formula = Formula()
        options.set(&formula, domain, dtype, targets: targets)
        self.formula = formula
        level = try options.kernelLevel
        threads = options.threads
        // Without columns the mean is NaN: 0 times infinity.
        factor = options.reduction == .sum ? 1 : 1 / Double(columns)
        isFocal = options.focal != nil
        checksDomains = options.domainChecks == .checked
        self.columns = columns
    }

    /// Whether losses are linear in these targets.
    func isLinear(in targets: Matrix) -> Bool {
        guard !formula.hasMissing else { return false }
        // Bytes are labels if they have been checked.
        guard isFocal, unsafe targets.dtype != .byte || !checksDomains else { return true }
        return unsafe (0..<targets.rows).allSatisfy { row in
            let elements = unsafe targets.row(row)
            return (0..<columns).allSatisfy { [0, 1].contains(elements.number($0)) }
        }
    }

    /// Whether D is -x, so that the logits themselves are the left matrix.
    var takesPredictions: Bool { formula.domain == .logits && formula.isPlain }
}

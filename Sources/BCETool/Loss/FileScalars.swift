// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// Types of predictions that files can contain and the tool can check.
protocol FilePrediction: LossPrediction, BinaryFloatingPoint where LossResult: NPYElement {}

extension FilePrediction {
    var number: Double { Double(self) }

    /// The index from which elements must be examined one by one; nil if all are valid.
    static func firstRefused(
        _ predictions: Span<Self>, isLogits: Bool
    ) throws(CrossEntropyError) -> Int? {
        try index { () throws(CrossEntropyError) in
            if isLogits {
                try BinaryCrossEntropy.check(logits: predictions)
            } else {
                try BinaryCrossEntropy.check(probabilities: predictions)
            }
        }
    }
}

extension Float: FilePrediction {}
extension Double: FilePrediction {}
extension Float16: FilePrediction {}

/// Types of targets that files can contain and the tool can check.
protocol FileTarget: LossTarget {
    static var domain: Domain { get }
    static func firstRefused(_ targets: Span<Self>) throws(CrossEntropyError) -> Int?
}

extension FileTarget where Self: LossScalar {
    static var domain: Domain { .targets }

    static func firstRefused(_ targets: Span<Self>) throws(CrossEntropyError) -> Int? {
        try index { () throws(CrossEntropyError) in try BinaryCrossEntropy.check(targets: targets) }
    }
}

extension Float: FileTarget {}
extension Double: FileTarget {}

extension UInt8: FileTarget {
    static var domain: Domain { .labels }

    static func firstRefused(_ targets: Span<UInt8>) throws(CrossEntropyError) -> Int? {
        if unsafe targets.withUnsafeBytes({ unsafe areZerosAndOnes($0) }) { return nil }
        return try index { () throws(CrossEntropyError) in try BinaryCrossEntropy.check(targets: targets) }
    }
}

/// The index of the value that a check rejects, or nil.
private func index(_ check: () throws(CrossEntropyError) -> Void) throws(CrossEntropyError) -> Int? {
    do throws(CrossEntropyError) {
        try check()
        return nil
    } catch {
        guard case .valueOutOfDomain(_, let index, _, _) = error else { throw error }
        return index
    }
}

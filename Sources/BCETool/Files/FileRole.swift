// SPDX-License-Identifier: Apache-2.0

/// The role of a file: what its values are called in messages, and which element types it may have.
enum FileRole {
    case predictions, targets, weights, positiveWeights, mask

    var name: String {
        switch self {
        case .predictions: "predictions"
        case .targets: "targets"
        case .weights: "weights"
        case .positiveWeights: "positive-weight"
        case .mask: "mask"
        }
    }

    func allows(_ type: ElementType) -> Bool {
        let isFloatingPoint = [.f2, .f4, .f8].contains(type)
        return switch self {
        case .predictions: isFloatingPoint
        case .targets, .weights, .positiveWeights: true
        // Fractions are a mistake: predictions passed in place of a mask.
        case .mask: !isFloatingPoint
        }
    }

    var allowedTypes: String {
        switch self {
        case .predictions: "f2, f4 or f8 for predictions"
        case .targets, .weights, .positiveWeights: "f2, f4, f8, b1, u1 to u8 or i1 to i8"
        case .mask: "b1, u1 to u8 or i1 to i8 for a mask"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What a file is to the tool: the name of its values in messages, and the element types that it may have.
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
        // Numbers in between are a mistake: predictions in the place of a mask.
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

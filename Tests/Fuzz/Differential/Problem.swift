// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

enum PredictionType: String, CaseIterable {
    case float, double, half, bfloat16

    var result: ResultType { self == .double ? .double : .float }
}

/// The values of one kind of weight, and whether they are stored as Floats.
struct WeightColumn {
    var values: [Double]
    let isFloat: Bool

    /// Like the option `positiveWeight`, weights of positives are at least 0.
    var magnitudes: WeightColumn { WeightColumn(values: values.map(\.magnitude), isFloat: isFloat) }
}

enum MaskType: String, CaseIterable { case bool, byte, bits }

/// The arguments of one call, drawn at random. All numbers are representable in the types in which they will be stored.
struct Problem {
    var isLogits: Bool
    var predictionType: PredictionType
    var targetType: TargetType
    var rows: Int
    var columns: Int
    /// Elements from one row to the next, for predictions and for targets: the problem is a matrix view if they differ
    /// from the number of columns.
    var predictionStride: Int
    var targetStride: Int
    var predictions: [Double]
    var targets: [Double]
    var weight: Double?
    var elementWeights: WeightColumn?
    var rowWeights: WeightColumn?
    var columnWeights: WeightColumn?
    var positiveWeights: WeightColumn?
    var mask: [Bool]?
    var maskType: MaskType
    var options: BinaryCrossEntropy
    var scale: Double

    var count: Int { rows * columns }
    var result: ResultType { predictionType.result }
    var isView: Bool { predictionStride != columns || targetStride != columns }

    var isWeighted: Bool {
        weight != nil || elementWeights != nil || rowWeights != nil || columnWeights != nil
            || positiveWeights != nil || options.positiveWeight != 1
    }

    func weight(ofRow row: Int, _ column: Int) -> Reference {
        var product = Reference(weight ?? 1)
        if let elementWeights { product *= Reference(elementWeights.values[row * columns + column]) }
        if let rowWeights { product *= Reference(rowWeights.values[row]) }
        if let columnWeights { product *= Reference(columnWeights.values[column]) }
        return product
    }

    /// An upper bound of the largest product of the weights of an element.
    var largestFactor: Reference {
        func largest(_ column: WeightColumn?) -> Reference {
            Reference(column?.values.map(\.magnitude).max() ?? 1)
        }
        let positive = Reference(options.positiveWeight) * largest(positiveWeights)
        return abs(Reference(weight ?? 1)) * largest(elementWeights) * largest(rowWeights)
            * largest(columnWeights)
            * max(1, positive)
    }

    func counts(_ index: Int) -> Bool {
        if let mask, !mask[index] { return false }
        return switch options.missingTargets {
        case .never: true
        case .nan: !targets[index].isNaN
        // Of the integers, only the value itself is missing; other types round it. Infinity is never missing.
        case .value(let value):
            targets[index] != (targetType.isSoft ? targetType.nearest(value) : value)
                || targets[index].isInfinite
        }
    }

    /// The problem restricted to a range of rows.
    func part(_ range: Range<Int>) -> Problem {
        var part = self
        let elements = range.lowerBound * columns..<range.upperBound * columns
        part.rows = range.count
        part.predictions = Array(predictions[elements])
        part.targets = Array(targets[elements])
        part.mask = mask.map { Array($0[elements]) }
        part.elementWeights?.values = elementWeights.map { Array($0.values[elements]) } ?? []
        part.rowWeights?.values = rowWeights.map { Array($0.values[range]) } ?? []
        return part
    }
}

extension Problem: CustomStringConvertible {
    /// Everything needed to reproduce the call by hand, with all digits of the numbers.
    var description: String {
        func list(_ name: String, _ values: [Double]?, _ note: String = "") -> String {
            guard let values else { return "" }
            let (limit, shown) = (400, values.prefix(400).map { "\($0)" }.joined(separator: ", "))
            return
                "  \(name)\(note): [\(shown)\(values.count > limit ? ", ... \(values.count) in all" : "")]\n"
        }
        func weights(_ name: String, _ column: WeightColumn?) -> String {
            list(name, column?.values, column?.isFloat == true ? " (Float)" : " (Double)")
        }
        return """
              \(isLogits ? "logits" : "probabilities") \(predictionType.rawValue), targets \(targetType.name), \
            \(rows) x \(columns), strides \(predictionStride), \(targetStride), scale \(scale), \
            weight \(weight.map { "\($0)" } ?? "none"), mask \(mask == nil ? "none" : maskType.rawValue)
              \(options)

            """ + list("predictions", predictions) + list("targets", targets)
                + weights("element weights", elementWeights) + weights("row weights", rowWeights)
                + weights("column weights", columnWeights) + weights("positive weights", positiveWeights)
                + list("mask", mask?.map { $0 ? 1 : 0 })
    }
}

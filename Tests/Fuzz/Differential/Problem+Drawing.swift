// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

extension Problem {
    /// Draws everything about a call except which function is called.
    init(from generator: inout SplitMix64) throws {
        isLogits = generator.chance(oneIn: 2)
        predictionType = generator.pick([.float, .float, .double, .double, .half, .bfloat16])
        targetType = TargetType.drawn(&generator)
        (rows, columns) = Self.drawShape(&generator)
        // Without columns, rows cannot be distinguished.
        if columns == 0 { rows = 0 }
        (predictionStride, targetStride) = (columns, columns)
        // Bits can be stored only in spans.
        if !targetType.isBits, generator.chance(oneIn: 4) {
            predictionStride += generator.below(4)
            targetStride += generator.below(4)
            if generator.chance(oneIn: 8) { predictionStride = 0 }
            if generator.chance(oneIn: 8) { targetStride = 0 }
        }
        let count = rows * columns
        predictions = ValueDrawing.predictions(
            count, isLogits: isLogits, predictionType, &generator)
        options = try Self.drawOptions(&generator)
        targets = ValueDrawing.targets(count, targetType, &generator)
        if generator.chance(oneIn: 8) {
            Self.mark(&targets, missing: options.missingTargets, targetType, &generator)
        }
        if predictionStride == 0 { predictions = Self.repeating(predictions, columns) }
        if targetStride == 0 { targets = Self.repeating(targets, columns) }
        weight = generator.chance(oneIn: 6) ? ValueDrawing.weight(&generator) : nil
        elementWeights = Self.drawWeights(count, &generator)
        rowWeights = Self.drawWeights(rows, &generator)
        columnWeights = Self.drawWeights(columns, &generator)
        positiveWeights = Self.drawWeights(columns, &generator)?.magnitudes
        // It is not documented whether a row weight of 0 turns infinity minus infinity into 0.
        if rowWeights != nil {
            elementWeights = elementWeights?.magnitudes
            columnWeights = columnWeights?.magnitudes
        }
        mask = generator.chance(oneIn: 6) ? (0..<count).map { _ in !generator.chance(oneIn: 3) } : nil
        maskType = generator.pick(MaskType.allCases)
        scale = ValueDrawing.scale(&generator)
    }

    /// Replaces all rows by the first one.
    private static func repeating(_ values: [Double], _ columns: Int) -> [Double] {
        values.indices.map { values[$0 % columns] }
    }

    /// Mostly small numbers of elements, occasionally about the size of a tile: 4,096 Doubles and 8,192 Floats.
    private static func drawShape(_ generator: inout SplitMix64) -> (rows: Int, columns: Int) {
        if generator.chance(oneIn: 400) {
            let count = generator.pick([4096, 8192]) + generator.below(5) - 2
            return generator.chance(oneIn: 2) ? (1, count) : (count, 1)
        }
        switch generator.below(5) {
        case 0: return (1, generator.below(20))
        case 1: return (1, generator.below(300))
        case 2: return (generator.below(20), generator.below(16))
        // The lanes of every loop divide some of these rows.
        case 3: return (generator.below(6), 32 * (1 + generator.below(4)))
        default: return (generator.below(64), 1 + generator.below(5))
        }
    }

    private static func drawWeights(_ count: Int, _ generator: inout SplitMix64) -> WeightColumn? {
        guard generator.chance(oneIn: 6) else { return nil }
        let isFloat = generator.chance(oneIn: 2)
        let kind = generator.below(8)
        let values = (0..<count).map { _ -> Double in
            switch kind {
            case 0: 1
            case 1: generator.normal()
            default: ValueDrawing.weight(&generator)
            }
        }
        return WeightColumn(values: isFloat ? values.map { Double(Float($0)) } : values, isFloat: isFloat)
    }

    private static func mark(
        _ targets: inout [Double], missing: BinaryCrossEntropy.MissingTargets, _ type: TargetType,
        _ generator: inout SplitMix64
    ) {
        let mark: Double
        switch missing {
        case .never: return
        case .nan: mark = .nan
        case .value(let value): mark = type.isSoft ? type.nearest(value) : value
        }
        guard type.holds(mark), !mark.isInfinite else { return }
        for index in targets.indices where generator.chance(oneIn: 3) { targets[index] = mark }
        // A number next to the missing value must not be treated as missing.
        if generator.chance(oneIn: 8), !targets.isEmpty {
            targets[generator.below(targets.count)] = type.nearest(mark - 1)
        }
    }

    private static func drawOptions(_ generator: inout SplitMix64) throws -> BinaryCrossEntropy {
        func rarely<Value>(_ usual: Value, _ other: (inout SplitMix64) throws -> Value) rethrows -> Value {
            generator.chance(oneIn: 5) ? try other(&generator) : usual
        }
        return try BinaryCrossEntropy(
            clipping: rarely(.unclipped) { generator in
                let epsilon = generator.pick([1e-7, 1e-12, 1e-3, 0.25])
                return generator.pick([
                    .clipped(epsilon: epsilon), .clippedTwice(epsilon: epsilon), .machineEpsilon,
                    .logFloor(-100),
                    .logFloor(-generator.number(in: 0.5...30)),
                ])
            },
            reduction: generator.pick(BinaryCrossEntropy.Reduction.allCases),
            labelSmoothing: rarely(0) { $0.pick([0.1, 1e-9, 1, $0.unit()]) },
            positiveWeight: rarely(1) { $0.pick([0, 0.5, 3, $0.number(in: 0...20)]) },
            focal: rarely(nil) { generator in
                try .init(
                    gamma: generator.pick([0, 0.5, 1, 2, 5, generator.number(in: 0...8)]),
                    alpha: generator.pick([nil, nil, 0.25, 0, 1, generator.unit()]))
            },
            // Float rounds -1.1, and rounds the largest UInt32 to the same number as some smaller ones.
            missingTargets: rarely(.never) {
                $0.pick([.nan, .value(-1), .value(-1.1), .value(2), .value(Double(UInt32.max))])
            },
            probabilityGradient: rarely(.derivative) { generator in
                let epsilon = generator.pick([1e-12, 1e-7, 0.01])
                return generator.pick([.boundedFactors(epsilon: epsilon), .boundedProduct(epsilon: epsilon)])
            },
            threads: .serial)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// Numbers of the kinds that break numerical code: all equal, tiny, huge, and at the boundaries of ranges and of
/// rounding.
enum ValueDrawing {
    static func predictions(
        _ count: Int, isLogits: Bool, _ type: PredictionType, _ generator: inout SplitMix64
    ) -> [Double] {
        let spread = generator.pick([0.1, 1, 3, 3, 10, 30, 100, 1000])
        let oddities = generator.pick([0, 0, 0, 1, 4, 20, 100])
        func draw(_ generator: inout SplitMix64) -> Double {
            let isOdd = generator.below(100) < oddities
            let value =
                isLogits
                ? isOdd ? oddLogit(type, &generator) : generator.normal() * spread
                : isOdd ? oddProbability(type, &generator) : probability(spread, &generator)
            return held(value, type)
        }
        if generator.chance(oneIn: 6) { return [Double](repeating: draw(&generator), count: count) }
        var values = (0..<count).map { _ in draw(&generator) }
        // An invalid prediction makes the sums of all problems equal, so it is drawn rarely.
        if generator.chance(oneIn: 30), count > 0 {
            values[generator.below(count)] =
                isLogits || generator.chance(oneIn: 2) ? .nan : held(outside(&generator), type)
        }
        return values
    }

    /// A value that is neither a target nor a probability.
    private static func outside(_ generator: inout SplitMix64) -> Double {
        generator.pick([-1, -0.5, -0x1p-149, 1 + 0x1p-7, 1.5, 2, 255, .infinity, -.infinity])
    }

    private static func oddLogit(_ type: PredictionType, _ generator: inout SplitMix64) -> Double {
        let sign = generator.pick([-1.0, 1])
        let isDouble = type == .double
        switch generator.below(6) {
        case 0: return sign * .infinity
        case 1: return sign * pow(10, generator.number(in: isDouble ? -320...3 : -44...3))
        case 2: return sign * pow(10, generator.number(in: isDouble ? 3...308.2 : 3...38.5))
        case 3: return sign * generator.pick([0, 0x1p-149, 0x1p-126, 0x1p-1074, 0x1p-1022, 1])
        case 4:
            // Values at which 1 / (1 + e^-x) or e^-x rounds to 1, becomes subnormal or becomes 0.
            let border = generator.pick(
                isDouble ? [36.7, 37.4, 708.4, 745.1, 709.8] : [16.6, 17.4, 87.3, 88.7, 103.9])
            return sign * border * (1 + generator.normal() * 0.001)
        default:
            // Near multiples of ln 2 / 2, where the range reduction of an exponential changes.
            return sign * Double(generator.below(300)) * log(2.0) / 2
                * (1 + Double(generator.below(9) - 4) * 0x1p-23)
        }
    }

    private static func probability(_ spread: Double, _ generator: inout SplitMix64) -> Double {
        generator.chance(oneIn: 2) ? generator.unit() : 1 / (1 + exp(-generator.normal() * spread))
    }

    private static func oddProbability(_ type: PredictionType, _ generator: inout SplitMix64) -> Double {
        let isDouble = type == .double
        switch generator.below(6) {
        case 0: return generator.pick([0, 1])
        case 1: return pow(10, -generator.number(in: 0...(isDouble ? 323 : 45)))
        case 2: return 1 - pow(10, -generator.number(in: 0...(isDouble ? 17 : 8)))
        case 3:
            return generator.pick([
                0x1p-149, 0x1p-126, isDouble ? 0x1p-1074 : 1, 0x1p-24, 1 - 0x1p-24, 1 - 0x1p-53,
            ])
        case 4:
            // The boundaries of clipping, and of the tables of logarithms.
            let border = generator.pick([
                1e-7, 1e-12, 1e-3, 0.25, 0.5, 0.75, 0.7071067811865476, 0.6666666666666666,
            ])
            let near = border + border * Double(generator.below(9) - 4) * (isDouble ? 0x1p-53 : 0x1p-24)
            return generator.chance(oneIn: 2) ? near : 1 - near
        default: return exp(-generator.number(in: 0.5...30))
        }
    }

    /// The nearest number of the type; for the two types narrower than Float, the nearest to the Float.
    private static func held(_ value: Double, _ type: PredictionType) -> Double {
        switch type {
        case .double: value
        case .float: Double(Float(value))
        case .half: Double(Float16(Float(value)))
        case .bfloat16: Double(Float(bitPattern: Float(value).bitPattern & 0xFFFF_0000))
        }
    }

    /// In [0, 1], with a rare exception; only 0 and 1 if the type holds no other values.
    static func targets(_ count: Int, _ type: TargetType, _ generator: inout SplitMix64) -> [Double] {
        let isSoft = type.isSoft && generator.chance(oneIn: 2)
        func draw(_ generator: inout SplitMix64) -> Double {
            guard isSoft, !generator.chance(oneIn: 5) else { return Double(generator.below(2)) }
            let value =
                generator.chance(oneIn: 6)
                ? generator.pick([1e-30, 0x1p-24, 1 - 0x1p-24, 0.5, 1e-9]) : generator.unit()
            return type.nearest(value)
        }
        if generator.chance(oneIn: 8) { return [Double](repeating: draw(&generator), count: count) }
        var targets = (0..<count).map { _ in draw(&generator) }
        guard count > 0 else { return targets }
        if type.isSoft, generator.chance(oneIn: 60) { targets[generator.below(count)] = .nan }
        if generator.chance(oneIn: type.isSoft ? 40 : 20), !type.outside.isEmpty {
            targets[generator.below(count)] =
                generator.chance(oneIn: 2)
                ? generator.pick(type.outside) : type.nearest(outside(&generator))
        }
        return targets
    }

    /// Mostly about 1; negative weights are allowed.
    static func weight(_ generator: inout SplitMix64) -> Double {
        switch generator.below(40) {
        case 0...3: 0
        case 4: pow(10, generator.number(in: -30...30))
        case 5: -generator.unit()
        case 6...20: (generator.number(in: 1...16)).rounded() / 4
        default: generator.number(in: 0.01...4)
        }
    }

    static func scale(_ generator: inout SplitMix64) -> Double {
        switch generator.below(12) {
        case 0: generator.pick([0, -1, 1024])
        case 1: generator.number(in: -10...10)
        case 2: pow(10, generator.number(in: -12...12))
        default: 1
        }
    }
}

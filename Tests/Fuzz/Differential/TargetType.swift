// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// How the targets of a problem are stored.
enum TargetType {
    case numbers(any StoredTarget.Type)
    /// One bit each, the lowest bit of a byte first.
    case bits

    /// Half of the problems have a type that most kernels read in place.
    static func drawn(_ generator: inout SplitMix64) -> TargetType {
        let inPlace: [TargetType] = [
            .numbers(Float.self), .numbers(Double.self), .numbers(UInt8.self), .numbers(Bool.self), .bits,
        ]
        return generator.chance(oneIn: 2)
            ? generator.pick(inPlace) : .numbers(generator.pick(targetTypes))
    }

    private var stored: any StoredTarget.Type {
        switch self {
        case .numbers(let type): type
        case .bits: Bool.self
        }
    }

    var isBits: Bool { if case .bits = self { true } else { false } }
    var isSoft: Bool { stored.isSoft }
    func holds(_ number: Double) -> Bool { stored.holds(number) }
    func nearest(_ number: Double) -> Double { stored.init(nearest: number).number }
    /// Numbers outside [0, 1] that can be stored.
    var outside: [Double] { stored.outside.map(\.number) }
    var name: String { isBits ? "bits" : "\(stored)" }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Three rows of two predictions with their targets, and their losses from the formula in Double.
enum Matrix {
    static let (rows, columns) = (3, 2)
    static let x = [-1.5, 0.25, 2.0, -0.75, 3.5, 0.5]
    static let t = [0.0, 1, 1, 0, 0, 1]
    static var p: [Double] { x.map(sigmoid) }
    static let shape = "(3, 2)"

    static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// -w (v y ln p + (1 - y) ln(1 - p)) of element `index`.
    static func loss(_ index: Int, weight w: Double = 1, positive v: Double = 1, smoothing s: Double = 0)
        -> Double
    {
        let y = t[index] * (1 - s) + s / 2
        return -w * (v * y * log(p[index]) + (1 - y) * log(1 - p[index]))
    }

    static var losses: [Double] { t.indices.map { loss($0) } }

    /// The probability that was predicted for the label.
    static var certainty: [Double] { t.indices.map { t[$0] == 1 ? p[$0] : 1 - p[$0] } }

    static let files = ["p.npy", "x.npy", "t.npy"]

    /// Writes p.npy, x.npy and t.npy.
    static func write(to tool: Tool) throws {
        try tool.write("p.npy", NPY.file("<f8", p, shape: shape))
        try tool.write("x.npy", NPY.file("<f8", x, shape: shape))
        try tool.write("t.npy", NPY.file("<f8", t, shape: shape))
    }
}

extension [Double] {
    var sum: Double { reduce(0, +) }
    var mean: Double { sum / Double(count) }
}

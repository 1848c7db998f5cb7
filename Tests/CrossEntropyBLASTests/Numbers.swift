// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

extension SplitMix64 {
    mutating func normals<S: LossScalar>(_ count: Int, spread: Double = 1, _: S.Type) -> [S] {
        (0..<count).map { _ in S(normal() * spread) }
    }

    mutating func bits(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(below(2)) } }
}

// SPDX-License-Identifier: Apache-2.0

internal import CVectorKernels

/// Sums over the elements of a tile that count, for a report: z = w l is the weighted loss.
package struct TileSums {
    package var loss: ScaledDouble
    package var counted: Double
    package var weight: ScaledDouble
    package var clipped: Double
    package var saturated: Double
    package var squaredLoss: Double
    package var weightByLoss: Double
    package var squaredWeight: Double

    init(loss: ScaledDouble, weight: ScaledDouble, _ sums: lk_statistics) {
        self.loss = loss
        self.weight = weight
        counted = sums.counted
        clipped = sums.clipped
        saturated = sums.saturated
        squaredLoss = sums.squared_loss
        weightByLoss = sums.weight_by_loss
        squaredWeight = sums.squared_weight
    }
}

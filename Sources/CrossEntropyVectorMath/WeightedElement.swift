// SPDX-License-Identifier: Apache-2.0

/// The elements of the lanes.
@frozen
public struct WeightedElement<L: Lanes> {
    public let prediction: L
    /// The weight w.
    public let weight: L
    /// The coefficients A and B, without the factor w.
    public let coefficients: Coefficients<L>
    /// The smoothed target y, and z = 1 - y computed from 1 - t, so that neither cancels.
    public let y: L
    public let z: L
    /// z - y, also computed without cancellation.
    public let difference: L

    @export(implementation) @inline(always)
    init(prediction: L, weight: L, coefficients: Coefficients<L>, y: L, z: L, difference: L) {
        self.prediction = prediction
        self.weight = weight
        self.coefficients = coefficients
        self.y = y
        self.z = z
        self.difference = difference
    }
}

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// The coefficients A and B of all elements with a given label, 0 or 1, from the formula alone. They exclude the
/// formula's weight, which is a factor of the sum.
@frozen
public struct LabelCoefficients {
    public let positive: Double
    public let negative: Double

    @export(implementation) @inline(always)
    public init(_ formula: UnsafePointer<Formula>, _ label: Double) {
        let f = formula.pointee
        let (y, z) = (label * f.keep + f.halfSmoothing, (1 - label) * f.keep + f.halfSmoothing)
        let alpha = f.isFocal ? y * f.alphaPositive + z * f.alphaNegative : 1
        positive = alpha * f.positiveWeight * y
        negative = alpha * z
    }

    /// A + B.
    @export(implementation) @inline(always) public var total: Double { positive + negative }
}

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// A and B of every element with the label 0 or 1, by a formula alone; without the formula's weight, which is a factor of
/// the sum.
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

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// What a formula has. These are inlined everywhere: a call would copy the formula first, which takes longer than its
/// answer.
extension Formula {
    /// Whether the loss is -(t log p + (1 - t) log(1 - p)) with bounds on p and nothing else.
    @export(implementation) @inline(always)
    public var isPlain: Bool { !isWeighted && !isFocal && halfSmoothing == 0 && !hasMissing && added == 0 }

    /// Whether some targets are missing values.
    @export(implementation) @inline(always)
    public var hasMissing: Bool { nanIsMissing || !missingValue.isNaN }

    /// Whether losses have a factor that may be any number.
    @export(implementation) @inline(always)
    public var isWeighted: Bool { weight != 1 || positiveWeight != 1 }

    /// Whether all constants of the formula, and the products of any two of them, are 0 or normal Floats.
    @export(implementation) @inline(always)
    public var fitsFloat: Bool {
        func fits(_ number: Double) -> Bool {
            number == 0 || number.magnitude > 0x1p-40 && number.magnitude < 0x1p40
        }
        return fits(weight) && fits(positiveWeight) && fits(keep) && fits(halfSmoothing)
            && fits(alphaPositive) && fits(alphaNegative)
    }

    /// Whether the scale of derivatives is 0 or a normal Float, and so are its products with weights in routes that are
    /// not exact (2^60 at most).
    @export(implementation) @inline(always)
    public var scaleFitsFloat: Bool {
        let size = scale.magnitude
        return size == 0 || size >= Double(Float.leastNormalMagnitude) && size <= 0x1p60
    }

    /// Whether predictions must lie in [0, 1]: they are probabilities, and either no bound moves them into that range
    /// or the power of a focal factor uses them unbounded.
    @export(implementation) @inline(always)
    public var checksPredictions: Bool { isProbability && (lower == -.infinity || isFocal && gamma != 0) }
}

// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// The focal factor (1 - p_t)^gamma of Lin et al. (2017), with an optional weight alpha that balances the two
    /// labels.
    ///
    ///     p_t = y p + (1 - y) (1 - p),   loss (1 - p_t)^gamma (y alpha + (1 - y) (1 - alpha))
    ///
    /// y is the smoothed target. A focal loss is not convex: its Hessian may be negative. Gamma 0 without alpha gives
    /// results that are bitwise identical to the plain loss.
    ///
    /// Keras `BinaryFocalCrossentropy(gamma:)` uses no alpha unless `apply_class_balancing` is set; torchvision's
    /// `sigmoid_focal_loss` uses alpha 0.25 by default, and none if it is -1.
    public struct Focal: Sendable, Equatable {
        public let gamma: Double
        public let alpha: Double?

        /// - Throws: `CrossEntropyError.invalidOption` for a gamma below 0 or not finite, or an alpha outside [0, 1].
        public init(gamma: Double = 2, alpha: Double? = nil) throws(CrossEntropyError) {
            guard gamma >= 0, gamma.isFinite else {
                throw .invalidOption(option: "gamma", value: gamma, allowed: "a finite number of at least 0")
            }
            if let alpha, !(0...1).contains(alpha) {
                throw .invalidOption(option: "alpha", value: alpha, allowed: "a number in [0, 1]")
            }
            self.gamma = gamma
            self.alpha = alpha
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// How a call treats an element that counts and has a target outside [0, 1], or a probability outside [0, 1] that
    /// `clipping` does not move into that range, or that a focal factor sees as it was given.
    ///
    /// NaN is not outside the domain. It is data, such as the output of a diverged model or a gap in a table, and the
    /// result is NaN, as in every other program in the field. A target of 2 or -1 is a caller error (a byte mask of 0
    /// and 255, labels of -1 and 1), and the formula gives a number for it that looks like a loss.
    public enum DomainChecks: Sendable {
        /// The call throws `CrossEntropyError.valueOutOfDomain` with the argument, the index of the first such element
        /// in row-major order, and its value. Kernels detect such an element while they compute, so outputs have been
        /// written by then and their contents are meaningless; an accumulator is unchanged.
        case checked
        /// The formula is evaluated as it stands. It is linear in the target, so a loss may be negative. A probability
        /// p outside [0, 1] gives a loss of NaN and a gradient of (p - t) / (p (1 - p)).
        case unchecked
    }
}

// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// What is done about a target outside [0, 1], or a probability that `clipping` does not move there, of an element that
    /// counts.
    ///
    /// A NaN is not outside: it is data, what a diverged model or a gap in a table leaves, and the answer to it is NaN, as in
    /// every other program of the field. A target of 2 or -1 is a mistake of the caller (a byte mask of 0 and 255, labels of -1
    /// and 1), and the formula gives a number for it that looks like a loss.
    public enum DomainChecks: Sendable {
        /// It is refused with `CrossEntropyError.valueOutOfDomain`, which has the argument, the index of the first such element
        /// in row-major order, and its value. Kernels notice it as they compute, so that outputs are written by then, and have
        /// no meaning; an accumulator stays as it was.
        case checked
        /// The formula is taken as it stands: linear in a target, so that a loss may be negative; of a probability p outside,
        /// NaN, and a gradient of (p - t) / (p (1 - p)).
        case unchecked
    }
}

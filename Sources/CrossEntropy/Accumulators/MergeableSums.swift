// SPDX-License-Identifier: Apache-2.0

/// Sums of parts of the data, which threads, processes or machines compute separately and then merge: a
/// ``LossAccumulator``, a ``GroupedLosses`` or a ``BinaryEvaluation``.
///
/// ```swift
/// let bytes = part.serialized()  // sent to another machine, or written to a file
/// try whole.merge(LossAccumulator(serialized: bytes.span))
/// ```
///
/// The serialized form, called a state, is exact. It needs neither Foundation nor a coder, and is the same on every
/// machine. Equal sums have the same state, in whatever order batches were added and parts merged.
public protocol MergeableSums: Sendable, Equatable {
    /// Adds the contents of other sums.
    ///
    /// - Throws: `CrossEntropyError.tooManyElements` if the combined count is too large, and `.invalidOption` for
    ///   evaluations with different numbers of bins; in either case nothing is added.
    mutating func merge(_ other: Self) throws(CrossEntropyError)

    /// The state: all that is needed to continue elsewhere, or later, with the same bits.
    func serialized() -> [UInt8]

    /// Reads a state that `serialized()` has returned, on any machine.
    ///
    /// The bytes may come from anywhere. They have a checksum, and what is read is checked as strictly as by a decoder.
    /// Whatever they claim, the memory that is allocated is at most 320 times their number, or 2.1 MB if that is more.
    ///
    /// - Parameter bytes: the state. Any number of bytes of 0 may follow it, so that processes can exchange blocks of
    ///   equal size.
    /// - Throws: `CrossEntropyError.invalidState` for bytes of another type or format version, for bytes that are
    ///   missing, damaged or left over, and for sums that are impossible for their number of elements.
    init(serialized bytes: Span<UInt8>) throws(CrossEntropyError)
}

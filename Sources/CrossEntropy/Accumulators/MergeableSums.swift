// SPDX-License-Identifier: Apache-2.0

/// Sums that threads, processes or machines compute separately, each over a part of the data, and then merge. The types
/// are ``LossAccumulator``, ``GroupedLosses`` and ``BinaryEvaluation``.
///
/// ```swift
/// let bytes = part.serialized()  // sent to another machine, or written to a file
/// try whole.merge(LossAccumulator(serialized: bytes.span))
/// ```
///
/// The serialized form, called a state, is exact. It needs neither Foundation nor a coder, and is the same on every
/// machine. Equal sums have the same state, regardless of the order in which batches were added and parts were merged.
public protocol MergeableSums: Sendable, Equatable {
    /// Adds the contents of other sums.
    ///
    /// - Throws: `CrossEntropyError.tooManyElements` if the combined count is too large, and `.invalidOption` for
    ///   evaluations with different numbers of bins; in either case nothing is added.
    mutating func merge(_ other: Self) throws(CrossEntropyError)

    /// Returns the state: everything that is needed to continue on another machine, or later, with the same bits.
    func serialized() -> [UInt8]

    /// Reads a state that `serialized()` has returned, on any machine.
    ///
    /// The bytes may come from an untrusted source. Their checksum is verified, and the sums are checked as strictly as
    /// by a decoder. At most 320 times as many bytes are allocated as are read, or 2.1 MB if that is more.
    ///
    /// - Parameter bytes: the state. Any number of zero bytes may follow it, so that processes can exchange blocks of
    ///   equal size.
    /// - Throws: `CrossEntropyError.invalidState` if the state is that of another type or format version, if bytes are
    ///   missing, damaged or left over, and if sums are impossible for their number of elements.
    init(serialized bytes: Span<UInt8>) throws(CrossEntropyError)
}

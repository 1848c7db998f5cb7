// SPDX-License-Identifier: Apache-2.0

/// A value that is written to a state, and read from it, as a part of the whole.
protocol StatePart {
    func write(to state: inout StateWriter)

    /// - Throws: `CrossEntropyError.invalidState` if `write(to:)` cannot have written the bytes.
    init(from state: inout StateReader) throws(CrossEntropyError)
}

/// Sums that have a state of their own, with the header and the checksum that `StateFrame` describes.
protocol StateCoded: StatePart, MergeableSums {
    static var kind: StateKind { get }
}

extension StateCoded {
    public func serialized() -> [UInt8] {
        StateFrame.state(Self.kind, write(to:))
    }

    public init(serialized bytes: Span<UInt8>) throws(CrossEntropyError) {
        var state = StateReader(try StateFrame.sums(of: bytes, Self.kind))
        try self.init(from: &state)
        guard state.bytesLeft == 0 else { throw .unreadable("bytes after the sums: \(state.bytesLeft)") }
    }
}

/// The types that have a state. The raw value is the ASCII letter that identifies the type in the header.
enum StateKind: UInt8 {
    case lossAccumulator = 0x61
    case binaryEvaluation = 0x65
    case groupedLosses = 0x67

    var title: String {
        switch self {
        case .lossAccumulator: "LossAccumulator"
        case .binaryEvaluation: "BinaryEvaluation"
        case .groupedLosses: "GroupedLosses"
        }
    }
}

extension CrossEntropyError {
    /// The error for a state that cannot be read.
    static func unreadable(_ problem: String) -> CrossEntropyError {
        .invalidState(argument: "serialized", problem: problem)
    }
}

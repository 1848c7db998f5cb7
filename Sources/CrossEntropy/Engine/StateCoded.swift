// SPDX-License-Identifier: Apache-2.0

/// A part of a state.
protocol StatePart {
    func write(to state: inout StateWriter)

    /// - Throws: `CrossEntropyError.invalidState` unless `write(to:)` can have written what is read.
    init(from state: inout StateReader) throws(CrossEntropyError)
}

/// Sums that have a state of their own. `StateFrame` describes what surrounds them in it.
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

/// The types that have a state, with the letter that stands for each in it.
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
    /// The error of a state that cannot be read.
    static func unreadable(_ problem: String) -> CrossEntropyError {
        .invalidState(argument: "serialized", problem: problem)
    }
}

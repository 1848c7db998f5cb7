// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels

/// What is timed. All implementations of an operation do the same work on the same data. An operation is a single value
/// in a catalogue (`reductions`, `optioned`, `written`), and everything else follows from it.
struct Operation<S: BenchScalar> {
    let name: String
    let domain: PredictionDomain
    var targets = TargetKind.zeroOne
    var isWeighted = false
    /// The number of result buffers that are written: losses or a gradient, and a Hessian.
    var outputs = 0
    let naive: (Buffers<S>) -> Double
    /// Calls the library's public functions.
    let vector: (Buffers<S>, BinaryCrossEntropy) throws -> Double
    /// Alternatives that were considered for the library.
    var others: [Candidate<S>] = []

    static var all: [Operation] { reductions + optioned + written }

    /// Bytes that must be read or written per element.
    var bytes: Double {
        Double((1 + (isWeighted ? 1 : 0) + outputs) * MemoryLayout<S>.stride) + targets.bytes(of: S.self)
    }
}

struct Candidate<S: BenchScalar> {
    let name: String
    /// A note for readers.
    var note = ""
    let call: (Buffers<S>) throws -> Double
}

enum TargetKind: String {
    case zeroOne = "0/1"
    case soft, bytes, bits

    func bytes<S>(of: S.Type) -> Double {
        switch self {
        case .zeroOne, .soft: Double(MemoryLayout<S>.stride)
        case .bytes: 1
        case .bits: 0.125
        }
    }
}

/// What the rows of one table have in common.
struct Setting {
    let operation: String
    let targets: TargetKind
    let bytesPerElement: Double
    let scalar: String
    let count: Int
    let threads: Int

    /// - Parameter shape: the shape of a batch.
    init<S>(_ operation: Operation<S>, _ shape: String = "", count: Int, threads: Int) {
        self.operation = operation.name + (shape.isEmpty ? "" : "-" + shape)
        targets = operation.targets
        bytesPerElement = operation.bytes
        scalar = S.name
        self.count = count
        self.threads = threads
    }

    /// A batch of Floats that consists of more than individual elements.
    init(operation: String, bytesPerElement: Double, count: Int, threads: Int) {
        self.operation = operation
        targets = .zeroOne
        self.bytesPerElement = bytesPerElement
        scalar = Float.name
        self.count = count
        self.threads = threads
    }

    func rowName(_ implementation: String) -> String {
        "\(operation)/\(implementation)/\(scalar)/n=\(count)/threads=\(threads)"
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels

/// What is timed: every implementation of one operation does the same work on the same data. An operation is one value
/// of a catalogue (`reductions`, `optioned`, `written`), and all else follows from it.
struct Operation<S: BenchScalar> {
    let name: String
    let domain: PredictionDomain
    var targets = TargetKind.zeroOne
    var isWeighted = false
    /// How many buffers of results are written: losses or a gradient, a Hessian.
    var outputs = 0
    let naive: (Buffers<S>) -> Double
    /// The library's public functions.
    let vector: (Buffers<S>, BinaryCrossEntropy) throws -> Double
    /// Other ways that were considered for the library.
    var others: [Candidate<S>] = []

    static var all: [Operation] { reductions + optioned + written }

    /// Bytes that must be read or written for an element.
    var bytes: Double {
        Double((1 + (isWeighted ? 1 : 0) + outputs) * MemoryLayout<S>.stride) + targets.bytes(of: S.self)
    }
}

struct Candidate<S: BenchScalar> {
    let name: String
    /// Words for people.
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

    /// - Parameter shape: of a batch.
    init<S>(_ operation: Operation<S>, _ shape: String = "", count: Int, threads: Int) {
        self.operation = operation.name + (shape.isEmpty ? "" : "-" + shape)
        targets = operation.targets
        bytesPerElement = operation.bytes
        scalar = S.name
        self.count = count
        self.threads = threads
    }

    /// A batch of Floats that is not elements alone.
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

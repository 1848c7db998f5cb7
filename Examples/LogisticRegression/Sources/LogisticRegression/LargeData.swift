// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyBLAS
import Foundation

/// Trains by L-BFGS on Floats that another program wrote, and prints what that took as JSON: `make bench-peers` runs
/// scikit-learn on the same files.
///
///     LogisticRegression large FOLDER ROWS COLUMNS C TOLERANCE
///
/// `x.raw` holds rows x columns Floats, `t.raw` a Float of 0 or 1 for each row.
struct LargeData: Encodable {
    let seconds, meanLoss, slope: Double
    let steps, passes: Int
    let coefficients: [Double]

    init(_ arguments: [String]) throws {
        guard arguments.count == 5, let rows = Int(arguments[1]), let columns = Int(arguments[2]),
            let c = Double(arguments[3]), let tolerance = Double(arguments[4])
        else { throw Failure("usage: LogisticRegression large FOLDER ROWS COLUMNS C TOLERANCE") }
        let folder = URL(fileURLWithPath: arguments[0])
        let x = try Self.floats(folder.appendingPathComponent("x.raw"), rows * columns)
        let t = try Self.floats(folder.appendingPathComponent("t.raw"), rows)
        // As scikit-learn scales it: mean loss and |w|^2 / (2 C rows).
        let objective = try LogisticObjective(
            features: MatrixView(x.span, rows: rows, columns: columns), targets: t.span,
            l2: 1 / (c * Double(rows)))
        let training = try Training(.lbfgs, objective, tolerance: tolerance, isQuiet: true)
        seconds = training.seconds
        meanLoss = training.values.last ?? .nan
        slope = training.slope
        steps = training.values.count - 1
        passes = training.passes
        coefficients = training.parameters
    }

    private static func floats(_ file: URL, _ count: Int) throws -> [Float] {
        let data = try Data(contentsOf: file, options: .alwaysMapped)
        guard data.count == count * 4 else {
            throw Failure("\(file.lastPathComponent) has \(data.count) bytes, expected \(count * 4)")
        }
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = data.copyBytes(to: buffer) / 4
        }
    }

    func print() throws {
        Swift.print(String(decoding: try JSONEncoder().encode(self), as: UTF8.self))
    }
}

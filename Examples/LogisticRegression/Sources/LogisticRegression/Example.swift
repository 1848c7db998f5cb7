// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyBLAS
import Foundation

/// Trains a logistic regression on the breast-cancer data with Newton's method and with L-BFGS, compares it with what
/// scikit-learn learnt from the same rows, and draws both. `swift run -c release`, or `make example` in the repository.
@main
struct Example {
    static func main() throws {
        if CommandLine.arguments.dropFirst().first == "large" {
            return try LargeData(Array(CommandLine.arguments.dropFirst(2))).print()
        }
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let scikit = try ScikitLearn.read(folder.appendingPathComponent("scikit-learn.json"))
        let (trainRows, testRows) = try Dataset.read(folder.appendingPathComponent("data.csv")).split()
        let standardiser = Standardiser(trainRows)
        let (train, test) = (standardiser.apply(trainRows), standardiser.apply(testRows))
        print("\(train.rows) rows to train, \(test.rows) to test, \(train.columns) features, C = \(scikit.C)")

        let trainings = try Method.allCases.map { try training($0, on: train, C: scikit.C) }
        let results = try trainings.map { try Result($0, on: test) }
        for result in results { print(result.text(beside: scikit)) }
        let picture = URL(fileURLWithPath: "logistic-regression.svg")
        try Chart.write(trainings, calibration: results[0].calibration(test.targets), to: picture)
        print("The loss curves and the calibration are in \(picture.lastPathComponent)")
        guard results.allSatisfy({ $0.isThat(of: scikit) }) else {
            throw Failure("not scikit-learn's model: allowed are 1e-4 of a coefficient and 1e-6 of the loss")
        }
    }

    /// scikit-learn's objective is C (sum of losses) + |w|^2 / 2, with the minimum of the sum and l2 = 1 / C.
    private static func training(_ method: Method, on data: Dataset, C: Double) throws -> Training {
        print("\(method.rawValue):")
        let objective = try LogisticObjective(
            features: MatrixView(data.features.span, rows: data.rows, columns: data.columns),
            targets: data.targets.span, loss: BinaryCrossEntropy(reduction: .sum), l2: 1 / C)
        return try Training(method, objective, tolerance: 1e-6)
    }
}

/// What fixture.py wrote down.
struct ScikitLearn: Decodable {
    let C: Double
    let coefficients: [Double]
    let intercept, testLoss, testAccuracy: Double

    static func read(_ file: URL) throws -> ScikitLearn {
        try JSONDecoder().decode(ScikitLearn.self, from: Data(contentsOf: file))
    }
}

/// How a trained model does on rows that it has not seen.
struct Result {
    let training: Training
    let logits: [Double]
    let loss, accuracy: Double

    init(_ training: Training, on test: Dataset) throws {
        self.training = training
        let objective = try LogisticObjective(
            features: MatrixView(test.features.span, rows: test.rows, columns: test.columns),
            targets: test.targets.span)
        var logits = [Double](repeating: 0, count: test.rows)
        var span = logits.mutableSpan
        try objective.writeLogits(training.parameters.span, into: &span)
        loss = try BinaryCrossEntropy.exact.loss(logits: logits, targets: test.targets)
        accuracy = Double(zip(logits, test.targets).count { ($0 > 0) == ($1 == 1) }) / Double(test.rows)
        self.logits = logits
    }

    func calibration(_ targets: [UInt8]) -> [CalibrationBin] {
        CalibrationBin.bins(logits.map { 1 / (1 + exp(-$0)) }, targets)
    }

    private func distance(from scikit: ScikitLearn) -> Double {
        zip(training.parameters, scikit.coefficients + [scikit.intercept]).map { abs($0 - $1) }.max() ?? 0
    }

    func isThat(of scikit: ScikitLearn) -> Bool {
        distance(from: scikit) <= 1e-4 && abs(loss - scikit.testLoss) <= 1e-6
    }

    func text(beside scikit: ScikitLearn) -> String {
        """
        \(training.method.rawValue): \(training.values.count - 1) steps in \(fixed(training.seconds * 1e3, 1)) ms
            test loss    \(loss), scikit-learn's \(scikit.testLoss)
            accuracy     \(fixed(accuracy, 4)), scikit-learn's \(fixed(scikit.testAccuracy, 4))
            coefficients at most \(distance(from: scikit)) from scikit-learn's
        """
    }
}

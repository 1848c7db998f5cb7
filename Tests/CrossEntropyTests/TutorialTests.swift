// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import XCTest

/// The four examples of the tutorial from which the project started, with its numbers from NumPy and Keras.
final class TutorialTests: XCTestCase {
    private let targets: [Float] = [0, 1, 0, 0]
    private let predictions: [Float] = [0.1, 0.95, 0.2, 0.6]

    func test_losses_tutorial_areItsSteps() throws {
        let losses = try BinaryCrossEntropy.exact.losses(probabilities: predictions, targets: targets)
        for (loss, step) in zip(losses, [0.10536052, 0.05129329, 0.22314355, 0.91629073] as [Float]) {
            XCTAssertEqual(loss, step, accuracy: 6e-8)
        }
    }

    func test_loss_tutorial_isKerassNumber() throws {
        // Obtained by running Keras 3.15.1 on TensorFlow 2.21.0, `BinaryCrossentropy(from_logits=False)`:
        // np.float32(0.32402205).
        let keras = try BinaryCrossEntropy.keras.loss(probabilities: predictions, targets: targets)
        XCTAssertEqual(Float(keras), 0.32402205)
        // (0.105360515657826 + 0.051293294387551 + 0.223143551314210 + 0.916290731874155) / 4
        XCTAssertEqual(
            try BinaryCrossEntropy.exact.loss(
                probabilities: [0.1, 0.95, 0.2, 0.6], targets: [0, 1, 0, 0.0]),
            0.3240220233084355, accuracy: 1e-15)
    }
}

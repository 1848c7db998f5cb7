// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Synchronization

/// The loss of the rows that have been read so far, for the progress line.
final class RunningLoss: Sendable {
    /// The sum of the losses and the number of rows, for each worker.
    private let parts = Mutex([ObjectIdentifier: (sum: Double, count: Int)]())

    func publish(_ losses: LossAccumulator, by worker: TableWorker) {
        let part = (losses.sum, losses.count)
        parts.withLock { $0[ObjectIdentifier(worker)] = part }
    }

    var text: String {
        let total = parts.withLock {
            $0.values.reduce((sum: 0, count: 0)) { ($0.sum + $1.sum, $0.count + $1.count) }
        }
        return ", mean loss \((total.sum / Double(total.count)).formatted(places: 4))"
    }
}

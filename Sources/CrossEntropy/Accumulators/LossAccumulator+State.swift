// SPDX-License-Identifier: Apache-2.0

/// The state has the count, the sums of losses and of weights, the number of reports (0 or 1), and the report if there
/// is one.
///
/// It takes at most 1,063 bytes: 24 for the frame, 383 for each exact sum, 59 for each of the four sums of a report,
/// and 37 for the counts.
extension LossAccumulator: StateCoded {
    static var kind: StateKind { .lossAccumulator }

    func write(to state: inout StateWriter) {
        state.append(count)
        losses.write(to: &state)
        weights.write(to: &state)
        state.append(keepsReport ? 1 : 0)
        extra?.write(to: &state)
    }

    init(from state: inout StateReader) throws(CrossEntropyError) {
        let count: Int = try state.next()
        let (losses, weights) = (try ExactSum(from: &state), try ExactSum(from: &state))
        let reports: Int = try state.next()
        guard 0...1 ~= reports else { throw .unreadable("\(reports) reports, expected 0 or 1") }
        let extra = reports == 0 ? nil : try ReportExtra(from: &state)
        self.init(losses: losses, weights: weights, count: count, extra: extra)
        if let problem { throw .unreadable(problem) }
    }
}

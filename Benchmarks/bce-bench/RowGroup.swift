// SPDX-License-Identifier: Apache-2.0

/// One row, as it is written to JSON. The names of the keys are an interface that scripts rely on.
struct Row: Encodable {
    let name: String
    let operation: String
    let implementation: String
    let scalar: String
    /// `0/1` or `soft` for targets of the same type as the predictions; otherwise `bytes` or `bits`.
    let targets: String
    let n: Int
    let threads: Int
    /// The median of all rounds.
    let nsPerElement: Double
    let bestNsPerElement: Double
    /// Naive time / this time, the median of the ratios of the rounds: how many times faster this is.
    let ratioToNaive: Double
    /// This time / limit time, the median of the ratios of the rounds: 1 is as fast as memory allows.
    let ratioToLimit: Double
}

/// The rows of one table, together with notes that are only for human readers.
struct RowGroup {
    let setting: Setting
    let rows: [Row]
    let notes: [String]

    init(_ setting: Setting, _ timed: [(implementation: Implementation, timing: Timing)]) {
        let limits = timed.filter { $0.implementation.name == Implementation.limit }
            .sorted { $0.timing.median < $1.timing.median }
        let limit = limits[0]
        let naive = timed.first { $0.implementation.name == Implementation.naive }!
        let shown = timed.filter { $0.implementation.name != Implementation.limit } + [limit]
        let nanoseconds = 1e9 / Double(setting.count)
        self.setting = setting
        rows = shown.map { implementation, timing in
            Row(
                name: setting.rowName(implementation.name), operation: setting.operation,
                implementation: implementation.name, scalar: setting.scalar,
                targets: setting.targets.rawValue, n: setting.count,
                threads: setting.threads, nsPerElement: timing.median * nanoseconds,
                bestNsPerElement: timing.best * nanoseconds,
                ratioToNaive: 1 / timing.ratio(to: naive.timing),
                ratioToLimit: timing.ratio(to: limit.timing))
        }
        notes = shown.map { implementation, timing in
            let rate = implementation.operations / (timing.median * nanoseconds)
            let note = implementation.note + (rate > 0 ? ", \(decimal(rate, 1)) GFLOP/s" : "")
            guard implementation.name == Implementation.limit else { return note }
            let others = limits.dropFirst().map {
                "; \($0.implementation.note) \(decimal($0.timing.ratio(to: limit.timing), 2))"
            }
            return note + others.joined()
        }
    }
}

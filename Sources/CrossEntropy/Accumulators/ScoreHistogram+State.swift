// SPDX-License-Identifier: Apache-2.0

/// In a state, a histogram is written as its labels, followed by its groups. Empty labels and groups are not written.
/// Instead, each one that is written is preceded by the number of empty ones that were skipped before it, and the last
/// one is followed by the number of empty ones at the end, unless that is 0.
extension ScoreHistogram {
    func write(to state: inout StateWriter) {
        state.append(labels, except: ReproducibleSum())
        state.append(groups, except: Group())
    }

    /// Fills an empty histogram.
    mutating func fill(from state: inout StateReader) throws(CrossEntropyError) {
        try state.fill(&labels, except: ReproducibleSum())
        try state.fill(&groups, except: Group())
    }
}

extension ScoreHistogram.Group: StatePart {
    func write(to state: inout StateWriter) {
        state.append(count)
        squaredWeight.write(to: &state)
        prediction.write(to: &state)
    }

    init(from state: inout StateReader) throws(CrossEntropyError) {
        count = try state.next()
        squaredWeight = try ReproducibleSum(from: &state)
        prediction = try ReproducibleSum(from: &state)
    }
}

extension StateWriter {
    fileprivate mutating func append<P: StatePart & Equatable>(_ parts: [P], except empty: P) {
        var skipped = 0
        for part in parts {
            guard part != empty else {
                skipped += 1
                continue
            }
            append(skipped)
            part.write(to: &self)
            skipped = 0
        }
        if skipped > 0 { append(skipped) }
    }
}

extension StateReader {
    /// Reads parts into an array whose elements are all empty.
    fileprivate mutating func fill<P: StatePart & Equatable>(
        _ parts: inout [P], except empty: P
    ) throws(CrossEntropyError) {
        var index = 0
        while index < parts.count {
            let skipped: Int = try next()
            guard skipped <= parts.count - index else {
                throw .unreadable("\(skipped) empty bins after bin \(index) of \(parts.count)")
            }
            index += skipped
            guard index < parts.count else { return }
            parts[index] = try P(from: &self)
            guard parts[index] != empty else { throw .unreadable("bin \(index) is written and empty") }
            index += 1
        }
    }
}

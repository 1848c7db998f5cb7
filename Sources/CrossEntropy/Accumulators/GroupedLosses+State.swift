// SPDX-License-Identifier: Apache-2.0

/// The state has the number of groups, and then the groups. A group begins with twice the number of its elements, plus
/// 1 if not all of its weights are 1. Unless it is empty, its sums follow, and then the sums of its weights unless all
/// are 1.
///
/// Empty groups are written, too. Otherwise, a state of a few bytes could declare 2^31 groups, which take 256 GB of
/// memory.
extension GroupedLosses: StateCoded {
    static var kind: StateKind { .groupedLosses }

    func write(to state: inout StateWriter) {
        state.append(groupCount)
        for group in 0..<groupCount {
            let (sums, weights) = (sums[group], weightsOtherThanOne(group))
            state.append(2 * sums.count + (weights == nil ? 0 : 1))
            guard sums.count > 0 else { continue }
            sums.write(to: &state)
            weights?.write(to: &state)
        }
    }

    init(from state: inout StateReader) throws(CrossEntropyError) {
        let groupCount: Int = try state.next()
        guard groupCount <= Self.mostGroups else { throw .unreadable("groups: more than 2^31") }
        guard groupCount <= state.bytesLeft else {
            throw .unreadable("groups: \(groupCount) of them in \(state.bytesLeft) bytes")
        }
        self.init(groupCount: groupCount)
        for group in 0..<groupCount {
            let head: Int = try state.next()
            if head > 0 { try read(group, count: head / 2, hasWeights: head % 2 == 1, &state) }
        }
    }

    /// Reads the sums of a group that is not empty.
    private mutating func read(
        _ group: Int, count: Int, hasWeights: Bool, _ state: inout StateReader
    ) throws(CrossEntropyError) {
        guard let sums = try GroupSums(count: count, from: &state) else {
            throw .unreadable("groups[\(group)]: impossible sums of \(count) elements")
        }
        guard fill(group, sums) else { throw .unreadable("groups[\(group)]: the counts exceed 2^42") }
        if hasWeights { keepWeights() }
        guard self.weights != nil else { return }
        let ones = GroupWeights(ones: sums)
        let weights = hasWeights ? try GroupWeights(count: count, from: &state) : ones
        guard let weights, hasWeights == (weights != ones) else {
            throw .unreadable("weights[\(group)]: impossible sums of \(count) weights")
        }
        self.weights?.set(weights, group)
    }

    /// The sums of the weights of a group; nil if all of its weights are 1.
    private func weightsOtherThanOne(_ group: Int) -> GroupWeights? {
        guard let weights = weights?[group], weights != GroupWeights(ones: sums[group]) else { return nil }
        return weights
    }
}

extension GroupSums {
    fileprivate func write(to state: inout StateWriter) {
        state.append(allTargetUnits)
        losses.write(to: &state)
        squaredLosses.write(to: &state)
    }

    /// Nil if the sums are impossible for a group of `count` elements.
    fileprivate init?(count: Int, from state: inout StateReader) throws(CrossEntropyError) {
        self.init(
            count: count, targets: try state.next(), losses: try ReproducibleSum(from: &state),
            squaredLosses: try ReproducibleSum(from: &state))
    }
}

extension GroupWeights {
    fileprivate func write(to state: inout StateWriter) {
        weights.write(to: &state)
        weightedLosses.write(to: &state)
        squaredWeights.write(to: &state)
    }

    /// Nil if the sums are impossible for a group of `count` elements.
    fileprivate init?(count: Int, from state: inout StateReader) throws(CrossEntropyError) {
        self.init(
            weights: try ReproducibleSum(from: &state), weightedLosses: try ReproducibleSum(from: &state),
            squaredWeights: try ReproducibleSum(from: &state), count: count)
    }
}

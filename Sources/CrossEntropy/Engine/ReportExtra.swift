// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// What a report needs in addition to the sums of losses and weights.
struct ReportExtra: Sendable, Equatable, Codable {
    /// The sum of the losses after rounding. `squaredLosses` is the sum of the squares of the same values.
    private(set) var roundedLosses = ReproducibleSum()
    private(set) var squaredLosses = ReproducibleSum()
    private(set) var weightedLosses = ReproducibleSum()
    private(set) var squaredWeights = ReproducibleSum()
    /// The number of elements, including those that do not count.
    private(set) var elements = 0
    private(set) var (clipped, saturated) = (0, 0)

    mutating func add(_ moments: Moments, elements: Int) {
        roundedLosses.add(moments.loss)
        squaredLosses.add(moments.squaredLoss)
        weightedLosses.add(moments.weightByLoss)
        squaredWeights.add(moments.squaredWeight)
        self.elements += elements
        clipped += Int(moments.clipped)
        saturated += Int(moments.saturated)
    }

    mutating func add(_ other: ReportExtra) {
        roundedLosses.add(other.roundedLosses)
        squaredLosses.add(other.squaredLosses)
        weightedLosses.add(other.weightedLosses)
        squaredWeights.add(other.squaredWeights)
        elements += other.elements
        clipped += other.clipped
        saturated += other.saturated
    }

    /// - Parameter sums: the sums of losses and weights of the same elements.
    func report(_ sums: SliceSums, _ reduction: BinaryCrossEntropy.Reduction) -> LossReport {
        var rounded = sums
        rounded.loss = roundedLosses.scaled
        let spread = LossSpread(
            sums: rounded, squaredLosses: squaredLosses.value, weightedLosses: weightedLosses.value,
            squaredWeights: squaredWeights.value)
        return LossReport(
            sums, spread, elements: elements, clipped: clipped, saturated: saturated, reduction)
    }

    /// The name of the first value that is impossible for `count` elements that count, and why; nil if all are
    /// possible.
    func problem(count: Int) -> String? {
        for (name, sum) in [
            ("roundedLosses", roundedLosses), ("squaredLosses", squaredLosses),
            ("weightedLosses", weightedLosses), ("squaredWeights", squaredWeights),
        ] where !sum.isSum(ofTerms: count) {
            return "\(name): too large for \(count) elements"
        }
        if elements < count { return "elements: \(elements) is below the count \(count)" }
        for (name, part) in [("clipped", clipped), ("saturated", saturated)] where !(0...count ~= part) {
            return "\(name): \(part) is not in 0...\(count)"
        }
        return nil
    }
}

extension ReportExtra: StatePart {
    func write(to state: inout StateWriter) {
        for sum in [roundedLosses, squaredLosses, weightedLosses, squaredWeights] { sum.write(to: &state) }
        for number in [elements, clipped, saturated] { state.append(number) }
    }

    init(from state: inout StateReader) throws(CrossEntropyError) {
        roundedLosses = try ReproducibleSum(from: &state)
        squaredLosses = try ReproducibleSum(from: &state)
        weightedLosses = try ReproducibleSum(from: &state)
        squaredWeights = try ReproducibleSum(from: &state)
        elements = try state.next()
        (clipped, saturated) = (try state.next(), try state.next())
    }
}

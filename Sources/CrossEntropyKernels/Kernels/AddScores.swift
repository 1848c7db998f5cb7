// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Adds elements to the bins of their logits and of their probabilities, and returns their squared error.
@c @implementation
func vk_add_scores(_ a: UnsafeMutablePointer<vk_add_scores_args>) {
    a.pointee.elements.pointee.is_double ? addScores(a, Double.self) : addScores(a, Float.self)
}

@inline(always)
private func addScores<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_add_scores_args>, _: S.Type) {
    let elements = a.pointee.elements
    let scores = Scores<S>(elements)
    let (byLogit, byProbability) = (a.pointee.by_logit, a.pointee.by_probability)
    let bins = ProbabilityBins(count: byProbability.bins)
    let scratch = ScoreScratch(a.pointee.scratch)
    let two = F64x16(repeating: 2)
    let positive = F64x16(repeating: Double(VK_POSITIVE))
    var squaredError = F64x16.zero
    var index = 0
    while index < elements.pointee.count {
        let count = min(F64x16.count, elements.pointee.count &- index)
        let next = scores.load(index, count)
        // Two numbers belong to each bin.
        (LogitBins.index(of: next.logit) * two).storeIntegers(scratch.logitPlaces)
        (bins.index(of: next.probability) * two).storeIntegers(scratch.probabilityPlaces)
        let error = next.probability - next.target
        if count == F64x16.count, next.isLabeled {
            next.probability.store(scratch.predictions, 0)
            F64x16.multiplyAdd(positive, next.target, F64x16.one).store(scratch.counts, 0)
            squaredError = F64x16.multiplyAdd(error, error, squaredError)
            scratch.addLabels(byLogit, byProbability)
        } else {
            let weight = next.weight
            (weight * next.probability).store(scratch.predictions, 0)
            next.counts.store(scratch.counts, 0)
            (weight * (F64x16.one - next.target)).store(scratch.negatives, 0)
            (weight * next.target).store(scratch.positives, 0)
            (weight * weight).store(scratch.squaredWeights, 0)
            squaredError = F64x16.multiplyAdd(weight * error, error, squaredError)
            scratch.addWeights(byLogit, scratch.logitPlaces, count, groupBins: LogitBins.groupBins)
            scratch.addWeights(byProbability, scratch.probabilityPlaces, count, groupBins: 1)
        }
        index &+= F64x16.count
    }
    a.pointee.squared_error = squaredError.sum
}

/// The lanes of sixteen elements in memory, from which they are added to their bins one by one.
private struct ScoreScratch {
    let logitPlaces, probabilityPlaces: UnsafeMutablePointer<Int32>
    let predictions, counts, negatives, positives, squaredWeights: UnsafeMutablePointer<Double>

    @inline(always)
    init(_ base: UnsafeMutableRawPointer) {
        logitPlaces = base.assumingMemoryBound(to: Int32.self)
        probabilityPlaces = logitPlaces + 16
        predictions = (base + 128).assumingMemoryBound(to: Double.self)
        counts = predictions + 16
        negatives = predictions + 32
        positives = predictions + 48
        squaredWeights = predictions + 64
    }

    /// Adds elements with a target of 0 or 1 and no weight, lane k to copy k modulo 8 of the bins of probabilities.
    ///
    /// The loop is unrolled by hand, so that each copy has instructions of its own: processors predict by instruction
    /// which stores a load has to wait for.
    @inline(always)
    func addLabels(_ byLogit: ScorePlaces, _ byProbability: ScorePlaces) {
        let stride = 2 &* byProbability.bins
        var lane = 0
        while lane < 16 {
            addLabel(lane, byLogit.labels, byProbability.labels)
            addLabel(lane &+ 1, byLogit.labels, byProbability.labels + stride)
            addLabel(lane &+ 2, byLogit.labels, byProbability.labels + 2 &* stride)
            addLabel(lane &+ 3, byLogit.labels, byProbability.labels + 3 &* stride)
            addLabel(lane &+ 4, byLogit.labels, byProbability.labels + 4 &* stride)
            addLabel(lane &+ 5, byLogit.labels, byProbability.labels + 5 &* stride)
            addLabel(lane &+ 6, byLogit.labels, byProbability.labels + 6 &* stride)
            addLabel(lane &+ 7, byLogit.labels, byProbability.labels + 7 &* stride)
            lane &+= 8
        }
    }

    @inline(always)
    private func addLabel(
        _ lane: Int, _ byLogit: UnsafeMutablePointer<Double>, _ byProbability: UnsafeMutablePointer<Double>
    ) {
        let (prediction, count) = (predictions[lane], counts[lane])
        vk_add_pair(byLogit + Int(logitPlaces[lane]), prediction, count)
        vk_add_pair(byProbability + Int(probabilityPlaces[lane]), prediction, count)
    }

    @inline(always)
    func addWeights(
        _ memory: ScorePlaces, _ places: UnsafeMutablePointer<Int32>, _ count: Int, groupBins: Int
    ) {
        var lane = 0
        while lane < count {
            let place = Int(places[lane])
            vk_add_pair(memory.weights + place, negatives[lane], positives[lane])
            let group = memory.groups + place &>> (groupBins.trailingZeroBitCount &+ 1) &* 4
            vk_add_pair(group, counts[lane], squaredWeights[lane])
            group[2] += predictions[lane]
            lane &+= 1
        }
    }
}

extension vk_add_scores_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_add_scores_at(level.instructionSet, &self) }
}

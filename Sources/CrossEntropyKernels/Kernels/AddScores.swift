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
    var squaredError = F64x16.zero
    var index = 0
    while index < elements.pointee.count {
        let count = min(F64x16.count, elements.pointee.count &- index)
        let next = scores.load(index, count)
        // Each bin has one place for target 0, followed by one for target 1.
        let logitPlace = LogitBins.index(of: next.logit) * two
        let probabilityPlace = bins.index(of: next.probability) * two
        let error = next.probability - next.target
        if count == F64x16.count, next.isLabeled {
            (logitPlace + next.target).storeIntegers(scratch.logitPlaces)
            (probabilityPlace + next.target).storeIntegers(scratch.probabilityPlaces)
            next.probability.store(scratch.predictions, 0)
            squaredError = F64x16.multiplyAdd(error, error, squaredError)
            scratch.addLabels(
                to: byLogit, at: scratch.logitPlaces, groupBins: LogitBins.groupBins, isCopied: false)
            scratch.addLabels(to: byProbability, at: scratch.probabilityPlaces, groupBins: 1, isCopied: true)
        } else {
            let weight = next.weight
            logitPlace.storeIntegers(scratch.logitPlaces)
            probabilityPlace.storeIntegers(scratch.probabilityPlaces)
            (weight * next.probability).store(scratch.predictions, 0)
            (weight * (F64x16.one - next.target)).store(scratch.negatives, 0)
            (weight * next.target).store(scratch.positives, 0)
            (weight * weight).store(scratch.squaredWeights, 0)
            next.counts.store(scratch.counts, 0)
            squaredError = F64x16.multiplyAdd(weight * error, error, squaredError)
            scratch.addWeights(to: byLogit, at: scratch.logitPlaces, count, groupBins: LogitBins.groupBins)
            scratch.addWeights(to: byProbability, at: scratch.probabilityPlaces, count, groupBins: 1)
        }
        index &+= F64x16.count
    }
    a.pointee.squared_error = squaredError.sum
}

/// The lanes of sixteen elements in memory, from which they are added to their bins one by one.
private struct ScoreScratch {
    let logitPlaces, probabilityPlaces: UnsafeMutablePointer<Int32>
    let predictions, negatives, positives, squaredWeights, counts: UnsafeMutablePointer<Double>

    @inline(always)
    init(_ base: UnsafeMutableRawPointer) {
        logitPlaces = base.assumingMemoryBound(to: Int32.self)
        probabilityPlaces = logitPlaces + 16
        predictions = (base + 128).assumingMemoryBound(to: Double.self)
        negatives = predictions + 16
        positives = predictions + 32
        squaredWeights = predictions + 48
        counts = predictions + 64
    }

    /// Adds elements with a target of 0 or 1 and no weight, lane k to copy k modulo 8.
    @inline(always)
    func addLabels(
        to memory: ScorePlaces, at places: UnsafeMutablePointer<Int32>, groupBins: Int, isCopied: Bool
    ) {
        let shift = groupBins.trailingZeroBitCount &+ 1
        let (labelStride, stride) = (isCopied ? 2 &* memory.bins : 0, memory.bins / groupBins)
        var lane = 0
        while lane < 16 {
            var (labels, sums) = (memory.labels, memory.predictions)
            var copy = 0
            while copy < 8 {
                let place = Int(places[lane])
                labels[place] &+= 1
                sums[place &>> shift] += predictions[lane]
                labels += labelStride
                sums += stride
                lane &+= 1
                copy &+= 1
            }
        }
    }

    @inline(always)
    func addWeights(
        to memory: ScorePlaces, at places: UnsafeMutablePointer<Int32>, _ count: Int, groupBins: Int
    ) {
        let shift = groupBins.trailingZeroBitCount &+ 1
        var lane = 0
        while lane < count {
            let place = Int(places[lane])
            memory.weights[place] += negatives[lane]
            memory.weights[place &+ 1] += positives[lane]
            let group = memory.groups + place &>> shift &* 4
            group[0] += counts[lane]
            group[1] += squaredWeights[lane]
            group[2] += predictions[lane]
            lane &+= 1
        }
    }
}

extension vk_add_scores_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_add_scores_at(level.instructionSet, &self) }
}

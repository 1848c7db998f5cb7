// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// Elements as kernels read them: everything in the lanes' type, a mask of bytes, and one weight of either kind for each.
struct Operands {
    var predictions, targets: UnsafeRawPointer
    var mask: UnsafePointer<UInt8>?
    var weights, positiveWeights: UnsafeRawPointer?
    /// Elements after which the weights of columns repeat, where they are staged once for the whole slice, and which weights
    /// those are.
    var period: Int?
    var weightsRepeat = false
    var positiveWeightsRepeat = false
    /// Whether weights were multiplied and rounded, so that their sum is not that of the weights.
    var hasRoundedWeights = false
    var count: Int
    /// Of the lanes.
    let type: DType
    let formula: UnsafePointer<Formula>
    let level: KernelLevel

    var isDouble: Bool { type == .double }

    /// The arguments of kernels that compute each loss.
    func elements(
        _ outputs: Outputs = Outputs(), isExact: Bool = false, wantsWeight: Bool = false
    ) -> vk_elements_args {
        vk_elements_args(
            formula: formula, predictions: predictions, targets: targets, weights: weights,
            positive_weights: positiveWeights, mask: mask, losses: outputs.losses,
            gradient: outputs.gradient, hessian: outputs.hessian, count: count, is_double: isDouble,
            is_exact: isExact, wants_weight: wantsWeight, sum: 0, counted: 0, weight: 0, is_outside: false)
    }

    /// The same for a range of elements; weights of columns, which repeat, are for any.
    func elements(_ range: Range<Int>, _ outputs: Outputs, wantsWeight: Bool) -> vk_elements_args {
        var part = self
        let offset = type.bytes(range.lowerBound)
        part.count = range.count
        part.predictions += offset
        part.targets += offset
        part.mask = mask.map { $0 + range.lowerBound }
        if !weightsRepeat { part.weights = weights.map { $0 + offset } }
        if !positiveWeightsRepeat { part.positiveWeights = positiveWeights.map { $0 + offset } }
        return part.elements(outputs.from(range.lowerBound, type), wantsWeight: wantsWeight)
    }
}

extension BatchSlice {
    /// Arguments of the lanes' type, where they lie.
    func operandsInPlace(_ formula: UnsafePointer<Formula>, _ level: KernelLevel) -> Operands {
        Operands(
            predictions: predictions.base, targets: targets.base,
            mask: mask?.base.assumingMemoryBound(to: UInt8.self), weights: weights?.base,
            positiveWeights: positiveWeights?.base, count: count, type: predictions.dtype, formula: formula,
            level: level)
    }

    /// Arguments where they lie if kernels can read them there, else staged in a room.
    ///
    /// - Parameter period: elements for which weights of columns are staged, if not for all.
    func operands(
        _ formula: UnsafePointer<Formula>, _ level: KernelLevel, _ type: DType, in room: Room,
        period: Int? = nil
    ) -> Operands {
        var operands = Operands(
            predictions: predictions.converted(to: type, count, room.predictions, level),
            targets: targets.converted(to: type, count, room.targets, level), count: count, type: type,
            formula: formula, level: level)
        operands.mask = mask.map {
            $0.converted(to: .byte, count, room.mask, level).assumingMemoryBound(to: UInt8.self)
        }
        operands.period = period
        (operands.weightsRepeat, operands.positiveWeightsRepeat) = (weights == nil, positiveWeights == nil)
        let weighted = period.map { part(0..<min(count, $0)) } ?? self
        let staging = WeightStaging(slice: weighted, type: type, level: level, room: room)
        (operands.weights, operands.hasRoundedWeights) = staging.weights()
        operands.positiveWeights = staging.positiveWeights()
        return operands
    }

    /// Whether kernels of these lanes read all arguments where they lie.
    func isInPlace(_ type: DType) -> Bool {
        isInPlaceButForColumns(type) && columnWeights == nil && positiveColumnWeights == nil
    }

    /// Elements after which the weights of columns repeat, in whole rows, if they are all that is staged and several rows fit
    /// in the room.
    func period(_ type: DType) -> Int? {
        let hasProducts =
            columnWeights != nil && weights != nil || positiveColumnWeights != nil && positiveWeights != nil
        let size = Room.elements(hasDoubleWeights ? .double : type)
        guard columnWeights != nil || positiveColumnWeights != nil, !hasProducts, columns <= size,
            isInPlaceButForColumns(type)
        else { return nil }
        return size / columns * columns
    }

    private func isInPlaceButForColumns(_ type: DType) -> Bool {
        func isReadable(_ column: Column?, as type: DType) -> Bool { column == nil || column!.dtype == type }
        return predictions.dtype == type && targets.dtype == type && isReadable(mask, as: .byte)
            && isReadable(weights, as: type) && isReadable(positiveWeights, as: type) && rowWeights == nil
    }
}

extension Column {
    /// `count` elements as numbers of a type, or bytes: where they lie if they are, else in `place`.
    func converted(
        to type: DType, _ count: Int, _ place: UnsafeMutableRawPointer, _ level: KernelLevel
    ) -> UnsafeRawPointer {
        guard dtype != type else { return base }
        copy(self, to: place, type, count, level)
        return UnsafeRawPointer(place)
    }
}

/// Writes elements as numbers of a type, or bytes.
func copy(
    _ from: Column, to place: UnsafeMutableRawPointer, _ type: DType, _ count: Int, _ level: KernelLevel
) {
    var a = vk_convert_args(from: from, to_type: type, to: place, count: count)
    a.run(level)
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Elements as the kernels read them: all numbers in the lanes' type, a mask of bytes, and one weight of each kind per
/// element.
struct Operands {
    var predictions, targets: UnsafeRawPointer
    var mask: UnsafePointer<UInt8>?
    var weights, positiveWeights: UnsafeRawPointer?
    /// The number of elements after which the weights repeat: those of columns, if they are staged once for the slice.
    var weightsPeriod = Int.max
    var positiveWeightsPeriod = Int.max
    /// Whether weights were multiplied and rounded, so that their sum is not the sum of the original weights.
    var hasRoundedWeights = false
    var count: Int
    /// The type of the lanes.
    let type: DType
    let formula: UnsafePointer<Formula>
    let level: KernelLevel

    var isDouble: Bool { type == .double }

    /// The arguments of the kernels that compute each loss.
    func elements(_ outputs: Outputs = Outputs(), isExact: Bool = false) -> vk_elements_args {
        vk_elements_args(
            formula: formula, predictions: predictions, targets: targets, weights: weights,
            positive_weights: positiveWeights, weights_period: weightsPeriod,
            positive_weights_period: positiveWeightsPeriod, mask: mask, losses: outputs.losses,
            gradient: outputs.gradient, hessian: outputs.hessian, count: count, is_double: isDouble,
            is_exact: isExact, sum: 0, counted: 0, may_be_outside: false)
    }

    /// The sum of the weights of the elements that count, of which there are `count`.
    func weight(of count: Double) -> Double {
        weights == nil ? count * formula.pointee.weight : totals().weight
    }

    /// The number of elements that count, and the sum of their weights.
    ///
    /// - Parameter written: receives the weight of each element without that of the formula, or 0; nil for none.
    func totals(writing written: UnsafeMutableRawPointer? = nil) -> (count: Double, weight: Double) {
        withUnsafePointer(to: elements()) { elements in
            var a = vk_add_weights_args(elements: elements, written: written, counted: 0, weight: 0)
            a.run(level)
            return (a.counted, a.weight)
        }
    }
}

extension BatchSlice {
    /// Arguments that have the lanes' type, in place.
    func operandsInPlace(_ formula: UnsafePointer<Formula>, _ level: KernelLevel) -> Operands {
        Operands(
            predictions: predictions.base, targets: targets.base,
            mask: mask?.base.assumingMemoryBound(to: UInt8.self),
            weights: weights?.base ?? columnWeights?.base,
            positiveWeights: positiveWeights?.base ?? positiveColumnWeights?.base,
            weightsPeriod: columnWeights == nil ? .max : columns,
            positiveWeightsPeriod: positiveColumnWeights == nil ? .max : columns, count: count,
            type: predictions.dtype, formula: formula, level: level)
    }

    /// Whether the only weights of columns, if any, are read in place, row after row: they have the lanes' type, and the
    /// lanes divide a row, so that none extends past its end.
    @inline(always)
    private func readsColumnsInPlace(_ type: DType) -> Bool {
        guard hasColumnWeights else { return true }
        let lanes = type == .double ? Double.WideLanes.count : Float.WideLanes.count
        return columns % lanes == 0 && first % columns == 0 && !hasProductsWithColumns
            && isReadable(columnWeights, as: type) && isReadable(positiveColumnWeights, as: type)
    }

    /// Whether an element has both a weight of its own and one of its column.
    @inline(always)
    private var hasProductsWithColumns: Bool {
        columnWeights != nil && weights != nil || positiveColumnWeights != nil && positiveWeights != nil
    }

    /// Whether kernels with lanes of this type can read everything in place in a single call.
    @inline(always)
    func isWhollyInPlace(_ type: DType) -> Bool {
        isInPlaceExceptForColumns(type) && readsColumnsInPlace(type)
    }

    /// Arguments in place if kernels can read them there, else staged in a room.
    ///
    /// - Parameter period: the number of elements for which column weights are staged, if not for all.
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
        let weighted = period.map { part(0..<min(count, $0 + Room.following(type))) } ?? self
        let staging = WeightStaging(slice: weighted, type: type, level: level, room: room)
        if let period {
            if weights == nil { operands.weightsPeriod = period }
            if positiveWeights == nil { operands.positiveWeightsPeriod = period }
        }
        (operands.weights, operands.hasRoundedWeights) = staging.weights()
        operands.positiveWeights = staging.positiveWeights()
        return operands
    }

    /// Whether kernels with lanes of this type read all arguments in place.
    @inline(always)
    func isInPlace(_ type: DType) -> Bool { isInPlaceExceptForColumns(type) && !hasColumnWeights }

    /// Whether nothing is staged except the weights of rows, which are repeated for each element.
    @inline(always)
    func stagesOnlyRowWeights(_ type: DType) -> Bool {
        rowWeights?.dtype == type && weights == nil && !hasColumnWeights && isInPlaceExceptForWeights(type)
    }

    /// The number of elements, in whole rows, after which column weights repeat, if nothing else is staged and several
    /// rows fit in the room.
    @inline(always)
    func period(_ type: DType) -> Int? {
        let size = Room.repeatedElements(hasDoubleWeights ? .double : type, lanes: type)
        guard hasColumnWeights, !hasProductsWithColumns, columns <= size, isInPlaceExceptForColumns(type)
        else {
            return nil
        }
        return size / columns * columns
    }

    @inline(always)
    private var hasColumnWeights: Bool { columnWeights != nil || positiveColumnWeights != nil }

    @inline(always)
    private func isInPlaceExceptForColumns(_ type: DType) -> Bool {
        isInPlaceExceptForWeights(type) && isReadable(weights, as: type) && rowWeights == nil
    }

    @inline(always)
    private func isInPlaceExceptForWeights(_ type: DType) -> Bool {
        predictions.dtype == type && targets.dtype == type && isReadable(mask, as: .byte)
            && isReadable(positiveWeights, as: type)
    }

    private func isReadable(_ column: Column?, as type: DType) -> Bool {
        column == nil || column!.dtype == type
    }
}

extension Column {
    /// `count` elements as numbers of `type`, or as bytes: in place if they have that type, else converted in `place`.
    package func converted(
        to type: DType, _ count: Int, _ place: UnsafeMutableRawPointer, _ level: KernelLevel
    ) -> UnsafeRawPointer {
        guard dtype != type else { return base }
        copy(self, to: place, type, count, level)
        return UnsafeRawPointer(place)
    }
}

/// Writes elements as numbers of `type`, or as bytes.
func copy(
    _ from: Column, to place: UnsafeMutableRawPointer, _ type: DType, _ count: Int, _ level: KernelLevel
) {
    var a = vk_convert_args(from: from, to_type: type, to: place, count: count)
    a.run(level)
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The number of elements that count, and the sum of their weights, which can also be written. Targets are read only if some
/// may be missing.
@c @implementation
func vk_add_weights(_ a: UnsafeMutablePointer<vk_add_weights_args>) {
    let elements = a.pointee.elements
    let readsOnlyMask = elements.pointee.weights == nil && !elements.pointee.formula.pointee.hasMissing
    if readsOnlyMask, a.pointee.written == nil {
        let count = elements.pointee.count
        a.pointee.counted = Double(elements.pointee.mask.map { vk_count_not_zero($0, count) } ?? count)
        a.pointee.weight = a.pointee.counted * elements.pointee.formula.pointee.weight
    } else {
        elements.pointee.is_double ? add(a, Double.self) : add(a, Float.self)
    }
}

@inline(always)
private func add<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_add_weights_args>, _: S.Type) {
    typealias L = S.Lanes
    let elements = a.pointee.elements.pointee
    var totals = Totals<L>(elements, writing: a.pointee.written)
    var index = 0
    while index &+ L.count <= elements.count {
        totals.add(index, L.count)
        index &+= L.count
    }
    if index < elements.count { totals.add(index, elements.count &- index) }
    a.pointee.counted = totals.counting.counted(of: elements.count)
    a.pointee.weight =
        totals.weights.isGiven ? totals.weight.value : a.pointee.counted * elements.formula.pointee.weight
}

private struct Totals<L: SixteenLanes> {
    let targets: Elements<L.Scalar>
    var counting: CountingRule<L>
    var weights: OptionalElements<L>
    let factor: F64x16
    let written: UnsafeMutableRawPointer?
    var weight = CompensatedLanes()

    @inline(always)
    init(_ a: vk_elements_args, writing written: UnsafeMutableRawPointer?) {
        targets = Elements(a.targets)
        counting = CountingRule(a.formula, a.mask, readable: a.targets)
        weights = OptionalElements(a.weights, period: a.weights_period, orAll: 1, readable: a.targets)
        factor = F64x16(repeating: a.formula.pointee.weight)
        self.written = written
    }

    @inline(always)
    mutating func add(_ index: Int, _ count: Int) {
        // Without a mask and missing values, the targets are not readable either.
        let target = counting.readsTargets ? targets.load(index, count: count, as: L.self) : L.zero
        let counts =
            counting.isNeeded
            ? counting.count(target, index, count) : L(allBits: true).inPrefix(count, else: L.zero)
        let weighed = counts & (weights.isGiven ? weights.next(count) : L.one)
        if weights.isGiven { weight.add(weighed.widened * factor) }
        if let written { weighed.store(written, index, count: count) }
    }
}

extension vk_add_weights_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_add_weights_at(level.instructionSet, &self) }
}

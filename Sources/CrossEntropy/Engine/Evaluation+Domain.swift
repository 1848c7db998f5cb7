// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels
internal import CrossEntropyVectorMath
import Synchronization

extension Evaluation {
    /// If a kernel has found that an element that counts may be outside its domain, throws the error for the first one
    /// that is.
    func refuse(if mayBeOutside: Bool) throws(CrossEntropyError) {
        guard mayBeOutside, checksDomains else { return }
        for tile in 0..<schedule.tiles {
            if let error = firstError(schedule.range(tile)) { throw error }
        }
    }

    /// Not inlined: errors are rare, and inlining would burden the frequent calls on sixteen elements.
    @inline(never)
    private func firstError(_ range: Range<Int>) -> CrossEntropyError? {
        var first: CrossEntropyError?
        forEachSlice(range) { slice in
            guard first == nil, isSuspect(slice) else { return }
            first = error(of: slice)
        }
        return first
    }

    /// Whether a number may be outside its domain, whether it counts or not. Unlike the kernels that compute losses, this
    /// ignores negative zeros.
    func isSuspect(_ slice: BatchSlice) -> Bool {
        unsafe slice.targets.hasNumberOutside(0...1, count: slice.count, level)
            || formula.pointee.checksPredictions
                && slice.predictions.hasNumberOutside(0...1, count: slice.count, level)
    }

    private func error(of slice: BatchSlice) -> CrossEntropyError? {
        for index in 0..<slice.count {
            let target = slice.targets.number(index)
            if unsafe slice.mask?.number(index) == 0 || formula.pointee.isMissing(target) { continue }
            if target.isOutsideUnitInterval {
                return .outsideUnitInterval("targets", slice.first + index, target)
            }
            let prediction = slice.predictions.number(index)
            if unsafe formula.pointee.checksPredictions, prediction.isOutsideUnitInterval {
                return .outsideUnitInterval("probabilities", slice.first + index, prediction)
            }
        }
        return nil
    }
}

extension Double {
    /// Whether the number is outside [0, 1]; NaN is not.
    package var isOutsideUnitInterval: Bool { self < 0 || self > 1 }
}

extension CrossEntropyError {
    package static func outsideUnitInterval(
        _ argument: String, _ index: Int, _ value: Double
    ) -> CrossEntropyError {
        .valueOutOfDomain(argument: argument, index: index, value: value, domain: "[0, 1]")
    }
}

/// Whether any thread of a call has found that an element may be outside its domain.
struct DomainFlag: ~Copyable {
    private let flag = Atomic(false)

    func raise(if mayBeOutside: Bool) { if mayBeOutside { flag.store(true, ordering: .relaxed) } }

    /// Must be read only after all threads have finished.
    var isRaised: Bool { flag.load(ordering: .relaxed) }
}

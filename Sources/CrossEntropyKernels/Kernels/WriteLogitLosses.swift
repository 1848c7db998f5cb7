// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The plain loss of each logit, in its own type.
@c @implementation
func vk_write_logit_losses(_ a: UnsafeMutablePointer<vk_write_losses_args>) {
    a.pointee.is_double ? write(a, Double.self) : write(a, Float.self)
}

@inline(always)
private func write<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_write_losses_args>, _: S.Type) {
    typealias L = S.Lanes
    let (predictions, targets) = (Elements<S>(a.pointee.predictions), Elements<S>(a.pointee.targets))
    var check = DomainCheck<L>()
    var index = 0
    while index < a.pointee.count {
        let count = min(L.count, a.pointee.count &- index)
        let t = targets.load(index, count: count, as: L.self)
        let x = predictions.load(index, count: count, as: L.self)
        check.see(t)
        LogitElement(x, Coefficients(target: t)).lossOfTarget.store(a.pointee.losses, index, count: count)
        index &+= L.count
    }
    a.pointee.may_be_outside = check.mayBeOutside
}

extension vk_write_losses_args {
    @inline(never)
    mutating func writeLogitLosses(_ level: KernelLevel) {
        vk_write_logit_losses_at(level.instructionSet, &self)
    }
}

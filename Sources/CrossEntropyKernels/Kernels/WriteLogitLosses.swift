// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The plain loss of each logit, in its own type.
@c @implementation
func vk_write_logit_losses(_ a: UnsafeMutablePointer<vk_write_losses_args>) { write(a, isWide: false) }

@c(vk_write_logit_losses_wide)
private func wide(_ a: UnsafeMutablePointer<vk_write_losses_args>) { write(a, isWide: true) }

@inline(always)
private func write(_ a: UnsafeMutablePointer<vk_write_losses_args>, isWide: Bool) {
    a.pointee.is_double ? write(a, Double.self, isWide: isWide) : write(a, Float.self, isWide: isWide)
}

@inline(always)
private func write<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_write_losses_args>, _: S.Type, isWide: Bool) {
    var losses = LogitLosses<S>(a.pointee)
    var index = 0
    while isWide, index &+ S.WideLanes.count <= losses.count {
        losses.predictions.prefetchAhead(index, count: S.WideLanes.count)
        losses.targets.prefetchAhead(index, count: S.WideLanes.count)
        losses.write(index, S.WideLanes.count, as: S.WideLanes.self)
        index &+= S.WideLanes.count
    }
    while index < losses.count {
        losses.write(index, min(S.Lanes.count, losses.count &- index), as: S.Lanes.self)
        index &+= S.Lanes.count
    }
    a.pointee.may_be_outside = losses.check.mayBeOutside
}

private struct LogitLosses<S: LaneScalar> {
    let predictions, targets: Elements<S>
    let losses: UnsafeMutableRawPointer
    let count: Int
    var check = DomainCheck<S.Lanes>()

    @inline(always)
    init(_ a: vk_write_losses_args) {
        (predictions, targets) = (Elements(a.predictions), Elements(a.targets))
        (losses, count) = (a.losses, a.count)
    }

    @inline(always)
    mutating func write<L: Lanes>(_ index: Int, _ count: Int, as: L.Type) where L.Scalar == S {
        let x = predictions.load(index, count: count, as: L.self)
        let t = targets.load(index, count: count, as: L.self)
        check.see(t)
        LogitElement(x, Coefficients(target: t)).lossOfTarget.store(losses, index, count: count)
    }
}

extension vk_write_losses_args {
    @inline(never)
    mutating func writeLogitLosses(_ level: KernelLevel) {
        vk_write_logit_losses_at(level.instructionSet, &self)
    }
}

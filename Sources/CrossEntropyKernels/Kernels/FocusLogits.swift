// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Focal losses of logits with 0/1 targets, in the logits' type (Lin et al. 2017, arXiv:1708.02002).
///
/// Let z = x for label 1 and -x for label 0, p = s(z) the probability of the label, m = 1 - p and
/// l = -log p = softplus(-z):
///
///     loss      m^gamma l
///     d / d z   -m^gamma (gamma p l + m)
///     d2 / d z2  m^gamma p (gamma^2 p l + (2 gamma + 1) m - gamma m l)
///
/// times w alpha. The power takes multiplications for a whole gamma up to 8, and a square root if one half is left over.
/// Any other gamma takes one more exponential, because log m = -softplus(z) needs no logarithm of its own.
///
/// Error: for a multiple of one half up to 8.5, below 8 + 2 gamma ulp; otherwise gamma |log m| ulp more. Gives NaN if a
/// target is not 0 or 1.
@c @implementation
func vk_focus_logits(_ a: UnsafeMutablePointer<vk_elements_args>) { FocusLogits.run(a, isWide: false) }

@c(vk_focus_logits_wide)
private func wide(_ a: UnsafeMutablePointer<vk_elements_args>) { FocusLogits.run(a, isWide: true) }

private enum FocusLogits: ElementsKernel {
    /// Wide lanes were no faster (Zen 4, AVX-512; with AVX2 up to 8% slower) and took 38 KB more code.
    typealias WholeDoubles = Double.Lanes

    @inline(always)
    static func run<L: Lanes>(_ a: inout vk_elements_args, in _: L.Type, isWhole: Bool) {
        var elements = WeightedElements<L>(a)
        var outputs = FocalOutputs<L>(a)
        let square = FocalPower<L>.square
        let power = FocalPower<L>(gamma: a.formula.pointee.gamma)
        // Loops of their own for calls without a mask or missing targets save a sixth of the time (Zen 4, AVX-512).
        let sum =
            if !isWhole {
                elements.sumRest { outputs.write($0, $1, $2, power) }
            } else if elements.counting.isNeeded {
                elements.sumWhole(allCount: false, checksTargets: false) {
                    outputs.write($0, $1, L.count, power)
                }
            } else if power.isSquare {
                elements.sumWhole(allCount: true, checksTargets: false) {
                    outputs.write($0, $1, L.count, square)
                }
            } else {
                elements.sumWhole(allCount: true, checksTargets: false) {
                    outputs.write($0, $1, L.count, power)
                }
            }
        let isKnown = outputs.check.areLabels
        elements.finish(
            &a, sum: isKnown ? sum + outputs.notFinite.widened : F64x16(repeating: .nan))
    }
}

private struct FocalOutputs<L: Lanes> {
    let losses, gradient, hessian: UnsafeMutableRawPointer?
    let scale: L
    /// The weights of elements with label 1 and label 0.
    let one, zero: L
    var check = LabelCheck<L.Scalar.Lanes>()
    /// NaN once a derivative has been infinite or NaN.
    var notFinite = L.Scalar.Lanes.zero

    @inline(always)
    init(_ a: vk_elements_args) {
        let formula = a.formula
        (losses, gradient, hessian) = (a.losses, a.gradient, a.hessian)
        scale = L(repeating: L.Scalar(formula.pointee.scale))
        one = L(repeating: L.Scalar(formula.pointee.alphaPositive * formula.pointee.positiveWeight))
        zero = L(repeating: L.Scalar(formula.pointee.alphaNegative))
    }

    /// Writes the requested outputs, and returns the losses.
    @inline(always)
    mutating func write(
        _ next: WeightedElement<L>, _ index: Int, _ count: Int, _ power: FocalPower<L>
    ) -> L {
        let (x, t) = (next.prediction, next.y)
        check.see(t)
        let weight = next.weight * t.ifEqual(L.one, one, zero)
        let element = FocalElement(x, wrong: x.ifGreater(L.zero, L.one - t, t), power)
        let loss = weight * element.loss
        if let losses { loss.store(losses, index, count: count) }
        if let gradient {
            let factor = weight * scale
            let slope = t.ifEqual(L.one, factor, L.zero - factor) * element.slope
            slope.store(gradient, index, count: count)
            notFinite = notFinite + (slope * L.zero).foldedSum
            if let hessian {
                let curvature = factor * element.curvature
                curvature.store(hessian, index, count: count)
                notFinite = notFinite + (curvature * L.zero).foldedSum
            }
        }
        return loss
    }
}

extension vk_elements_args {
    @inline(never)
    mutating func focusLogits(_ level: KernelLevel) { vk_focus_logits_at(level.instructionSet, &self) }
}

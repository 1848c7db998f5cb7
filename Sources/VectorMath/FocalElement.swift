// SPDX-License-Identifier: Apache-2.0

/// m^gamma: a product for the whole part of gamma, up to 8, and an exponential for the rest, whose error grows with the
/// rest times |log m|.
@frozen
public struct FocalPower<L: Lanes> {
    @usableFromInline let gamma: L
    @usableFromInline let whole: Int
    @usableFromInline let rest: L
    @usableFromInline let isWhole: Bool

    @export(implementation) @inline(always)
    public init(gamma: Double) {
        self.gamma = L(repeating: L.Scalar(gamma))
        whole = Int(gamma < 8 ? gamma : 8)
        rest = L(repeating: L.Scalar(gamma - Double(whole)))
        isWhole = gamma == Double(whole)
    }

    @export(implementation) @inline(always)
    func power(_ m: L, negativeLogarithm: L) -> L {
        var power = isWhole ? L.one : expOfNegative(rest.timesLoss(negativeLogarithm), gradual: true)
        var exponent = 0
        while exponent < whole {
            power = power * m
            exponent &+= 1
        }
        return power
    }
}

/// The focal loss of one logit in each lane, with its sign that of its label, and its derivatives: see `vk_focus_logits`.
@frozen
public struct FocalElement<L: Lanes> {
    @usableFromInline let gamma: L
    @usableFromInline let p: L
    @usableFromInline let m: L
    /// -log p.
    @usableFromInline let l: L
    @usableFromInline let power: L

    @export(implementation) @inline(always)
    public init(_ z: L, _ power: FocalPower<L>) {
        gamma = power.gamma
        let magnitude = z.magnitude
        let e = expOfNegative(magnitude, gradual: true)
        let (softplus, larger) = (log1p(e), L.one / (L.one + e))
        let smaller = e * larger
        p = z.ifGreater(L.zero, larger, smaller)
        m = z.ifGreater(L.zero, smaller, larger)
        // The bound keeps a NaN of z, which the exponential and the logarithm hide.
        l = softplus + z.ifGreater(L.zero, magnitude.atMost(L.zero), magnitude)
        self.power = power.power(
            m, negativeLogarithm: softplus + z.ifGreater(L.zero, magnitude, magnitude.atMost(L.zero)))
    }

    @export(implementation) @inline(always)
    public var loss: L { power.timesLoss(l) }

    @export(implementation) @inline(always)
    public var slope: L {
        L.zero - power.timesLoss(L.multiplyAdd(gamma, p.timesLoss(l), m))
    }

    @export(implementation) @inline(always)
    public var curvature: L {
        let pl = p.timesLoss(l)
        let inner = L.multiplyAdd(gamma * gamma, pl, (gamma + gamma + L.one - gamma.timesLoss(l)) * m)
        return power.timesLoss(p.timesLoss(inner))
    }
}

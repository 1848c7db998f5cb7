// SPDX-License-Identifier: Apache-2.0

/// m^gamma, as a product where gamma is a small whole number.
@frozen
public struct FocalPower<L: Lanes> {
    @usableFromInline let gamma: L
    /// 1 to 8; 0 for a gamma that is none of them.
    @usableFromInline let wholeGamma: Int

    @export(implementation) @inline(always)
    public init(gamma: Double) {
        self.gamma = L(repeating: L.Scalar(gamma))
        let isWhole = gamma >= 1 && gamma <= 8 && gamma.rounded() == gamma
        wholeGamma = isWhole ? Int(gamma) : 0
    }

    @export(implementation) @inline(always)
    func power(_ m: L, negativeLogarithm: L) -> L {
        guard wholeGamma > 0 else { return expOfNegative(gamma.timesLoss(negativeLogarithm), gradual: true) }
        var power = m
        var exponent = 1
        while exponent < wholeGamma {
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

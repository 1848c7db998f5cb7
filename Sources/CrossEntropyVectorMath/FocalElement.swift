// SPDX-License-Identifier: Apache-2.0

/// m^gamma: repeated multiplication for the integer part of gamma, up to 8, and a square root or an exponential for the
/// rest. The error of the exponential grows with the rest times |log m|.
@frozen
public struct FocalPower<L: Lanes> {
    @usableFromInline let gamma: L
    @usableFromInline let whole: Int
    @usableFromInline let rest: L
    @usableFromInline let isWhole: Bool
    /// Whether the rest is one half.
    @usableFromInline let hasRoot: Bool
    public let isSquare: Bool

    @export(implementation) @inline(always)
    public init(gamma: Double) {
        self.gamma = L(repeating: L.Scalar(gamma))
        whole = Int(gamma < 8 ? gamma : 8)
        rest = L(repeating: L.Scalar(gamma - Double(whole)))
        isWhole = gamma == Double(whole)
        hasRoot = gamma == Double(whole) + 0.5
        isSquare = gamma == 2
    }

    /// The power for gamma = 2, the value of Lin et al., without branches.
    @export(implementation) @inline(always) public static var square: Self { Self(gamma: 2) }

    @export(implementation) @inline(always)
    func power(_ m: L, negativeLogarithm: L) -> L {
        var power =
            if isWhole {
                L.one
            } else if hasRoot {
                m.squareRoot
            } else {
                expOfNegative(rest * negativeLogarithm, gradual: true)
            }
        var exponent = 0
        while exponent < whole {
            power = power * m
            exponent &+= 1
        }
        return power
    }
}

/// The focal loss of one logit per lane, with a target of 0 or 1, and its derivatives; see `vk_focus_logits`. The loss of
/// an infinite logit is 0 or infinite. Its derivatives are NaN if it disagrees with its label.
@frozen
public struct FocalElement<L: Lanes> {
    @usableFromInline let gamma: L
    @usableFromInline let p: L
    @usableFromInline let m: L
    /// -log p.
    @usableFromInline let l: L
    @usableFromInline let power: L

    /// - Parameter wrong: 1 where the logit disagrees with the label, else 0.
    @export(implementation) @inline(always)
    public init(_ x: L, wrong: L, _ power: FocalPower<L>) {
        gamma = power.gamma
        let magnitude = x.magnitude
        let e = expOfNegative(magnitude, gradual: true)
        let larger = L.one / (L.one + e)
        m = larger * wrong.ifEqual(L.zero, e, L.one)
        p = larger * wrong.ifEqual(L.zero, L.one, e)
        // -log p and -log m differ only in their linear terms.
        l = log1p(e, plus: wrong.ifEqual(L.zero, L.zero, magnitude) + e)
        self.power = power.power(
            m, negativeLogarithm: log1p(e, plus: wrong.ifEqual(L.zero, magnitude, L.zero) + e))
    }

    @export(implementation) @inline(always)
    public var loss: L { power * l }

    /// The derivative with respect to the logit of the label.
    @export(implementation) @inline(always)
    public var slope: L { L.zero - power * L.multiplyAdd(gamma, p * l, m) }

    @export(implementation) @inline(always)
    public var curvature: L {
        let inner = L.multiplyAdd(gamma * gamma, p * l, (gamma + gamma + L.one - gamma * l) * m)
        return power * (p * inner)
    }
}

import Foundation

/// The type in which the oracle computes: 64 significand bits on x86-64. Elsewhere Double, whose own error (below 3
/// ulp an element) is 5% of what is promised of sums, and is allowed for where ulps are counted.
#if arch(x86_64)
    typealias Reference = Float80
    let oracleUlps = 0.01
#else
    typealias Reference = Double
    let oracleUlps = 3.0
#endif

/// The loss by another formulation than the library's and in higher precision: two logarithms for each element, and
/// a compensated sum (Neumaier). Inputs are taken as exact.
///
/// -(t ln p + (1 - t) ln(1 - p)) with ln p of a logit x as -softplus(-x) and ln(1 - p) as -softplus(x). No term is
/// negative, so nothing cancels: the relative error is below 2^-61.
enum Oracle {
    typealias Element = (Reference, Reference) -> Reference

    static func logit(_ x: Reference, _ t: Reference) -> Reference {
        // 0 ln 0 = 0: a term of weight 0 is not computed.
        let positive = t == 0 ? 0 : t * softplus(-x)
        let negative = t == 1 ? 0 : (1 - t) * softplus(x)
        return positive + negative
    }

    static func probability(_ p: Reference, _ t: Reference) -> Reference {
        let positive = t == 0 ? 0 : t * -log(p)
        let negative = t == 1 ? 0 : (1 - t) * -log1p(-p)
        return positive + negative
    }

    /// PyTorch's rule: each logarithm is at least `floor`.
    static func probability(_ p: Reference, _ t: Reference, logFloor floor: Reference) -> Reference {
        t * -max(log(p), floor) + (1 - t) * -max(log1p(-p), floor)
    }

    static func sum<S: TestScalar>(
        _ predictions: [S], _ targets: [S], _ element: Element
    ) -> Reference {
        var (sum, lost): (Reference, Reference) = (0, 0)
        for index in predictions.indices {
            let value = element(predictions[index].reference, targets[index].reference)
            let next = sum + value
            // The smaller of the two numbers is the one that rounding took bits from.
            lost += sum >= value ? (sum - next) + value : (value - next) + sum
            sum = next
        }
        return sum + lost
    }

    /// ln(1 + e^x).
    private static func softplus(_ x: Reference) -> Reference {
        x <= 0 ? log1p(exp(x)) : x + log1p(exp(-x))
    }
}

import Foundation

/// How targets go with predictions.
enum Labels: String, CaseIterable {
    case agreeing, disagreeing, random, soft

    /// Labels that are tried with `count` elements: all of them with few.
    static func tried(_ count: Int) -> [Labels] { count <= 1000 ? allCases : [.agreeing, .random] }

    func target<S: TestScalar>(isLikely: Bool, _ generator: inout SeededGenerator) -> S {
        switch self {
        case .agreeing: isLikely ? 1 : 0
        case .disagreeing: isLikely ? 0 : 1
        case .random: generator.coin() ? 1 : 0
        case .soft: S(generator.uniform())
        }
    }
}

extension Kind {
    static func logits(spread: Double, _ labels: Labels) -> Kind {
        Kind("logits of spread \(spread), \(labels) labels") { generator in
            let x = S(spread * generator.normal())
            return (x, labels.target(isLikely: x > 0, &generator))
        }
    }

    /// Huge, tiny and ordinary logits side by side.
    static var mixedLogits: Kind {
        Kind("mixed logits") { generator in
            let x = S(generator.magnitude(1e-30, 700)) * (generator.coin() ? 1 : -1)
            return (x, generator.next() % 16 == 0 ? S(generator.uniform()) : x > 0 ? 1 : 0)
        }
    }

    /// 0/1 targets, each prediction wrong by what `wrong` draws. What is below half an ulp of 1 cannot be written as
    /// 1 - p: the label is 0 then.
    static func losses(of name: String, _ wrong: @escaping (inout SeededGenerator) -> Double) -> Kind {
        Kind("losses \(name)") { generator in
            let wrong = S(wrong(&generator))
            let positive = generator.coin() && Double(wrong) > S.roundoff
            return (positive ? 1 - wrong : wrong, positive ? 1 : 0)
        }
    }

    static var hardLossKinds: [Kind] {
        [
            losses(of: "of a random guess") { $0.uniform(0.001, 0.999) },
            losses(of: "of a good model") { 0.5 * pow($0.uniform(0.001, 1), 4) },
            losses(of: "about 1e-4") { $0.uniform(0.5e-4, 2e-4) },
            losses(of: "about 1e-6") { $0.uniform(0.5e-6, 2e-6) },
            losses(of: "about 1e-9") { $0.uniform(0.5e-9, 2e-9) },
            losses(of: "of 1e-9, and one in a hundred large") {
                $0.next() % 100 == 0 ? 1 - S.roundoff * $0.uniform(2, 9) : $0.uniform(0.5e-9, 2e-9)
            },
            fullRange(.random), fullRange(.agreeing), fullRange(.disagreeing),
        ]
    }

    /// p from 1e-30 to 1 - 2^-24 (Float) or 1 - 2^-53 (Double).
    static func fullRange(_ labels: Labels) -> Kind {
        Kind("probabilities from 1e-30 to 1 - 2^-\(S.significandBitCount + 1), \(labels) labels") { generator in
            let small = S(generator.magnitude(1e-30, 0.5))
            // 1 - roundoff is the number below 1.
            let large = 1 - S(max(generator.magnitude(S.roundoff, 0.5), S.roundoff))
            let p = generator.coin() ? small : large
            return (p, labels.target(isLikely: p > 0.5, &generator))
        }
    }

    static var softLossKinds: [Kind] {
        [
            Kind("uniform probabilities, soft targets") { (S($0.uniform()), S($0.uniform())) },
            fullRange(.soft),
            Kind("targets equal to small probabilities") { generator in
                let p = S(generator.magnitude(1e-12, 1e-3))
                return (p, p)
            },
        ]
    }
}

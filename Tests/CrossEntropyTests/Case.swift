import Foundation

/// How an element is drawn.
struct Kind<S: TestScalar> {
    let name: String
    let draw: (inout SeededGenerator) -> (prediction: S, target: S)

    init(_ name: String, _ draw: @escaping (inout SeededGenerator) -> (prediction: S, target: S)) {
        self.name = name
        self.draw = draw
    }
}

/// Predictions and targets of one kind, made from a seed that the name tells.
struct Case<S: TestScalar> {
    let name: String
    var predictions: [S]
    var targets: [S]
    /// The prediction and target of all elements, where they are the same.
    private(set) var constant: (prediction: S, target: S)?

    init(_ kind: Kind<S>, count: Int, seed: UInt64) {
        name = "\(S.self), \(kind.name), n=\(count), seed=\(seed)"
        var generator = SeededGenerator(seed: seed)
        predictions = []
        targets = []
        predictions.reserveCapacity(count)
        targets.reserveCapacity(count)
        for _ in 0..<count {
            let (prediction, target) = kind.draw(&generator)
            predictions.append(prediction)
            targets.append(target)
        }
    }

    /// Equal elements: rounding errors do not average out, they add up.
    init(constant prediction: S, _ target: S, count: Int) {
        name = "\(S.self), all \(prediction) with target \(target), n=\(count)"
        predictions = [S](repeating: prediction, count: count)
        targets = [S](repeating: target, count: count)
        constant = (prediction, target)
    }

    func exactSum(_ element: Oracle.Element) -> Reference {
        guard let constant else { return Oracle.sum(predictions, targets, element) }
        return Reference(predictions.count)
            * element(constant.prediction.reference, constant.target.reference)
    }
}

/// Counts of the accuracy promise. 10^7 in release builds, or where `CROSS_ENTROPY_EXHAUSTIVE` is set: the oracle takes
/// a second for each, and several in debug.
let promisedCounts: [Int] = {
    #if DEBUG
        let large = ProcessInfo.processInfo.environment["CROSS_ENTROPY_EXHAUSTIVE"] != nil
    #else
        let large = true
    #endif
    return [1, 15, 16, 17, 1000, 1_000_000] + (large ? [10_000_000] : [])
}()

/// Many small cases, where one element decides; few large ones, where errors average out.
func seeds(for count: Int) -> ClosedRange<UInt64> { 1...(count <= 17 ? 200 : count <= 1000 ? 10 : 1) }

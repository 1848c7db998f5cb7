import CrossEntropy

/// What is timed: every implementation of one operation does the same work on the same data.
enum Operation: String, CaseIterable {
    case lossLogits = "loss.logits"
    case lossProbabilities = "loss.probabilities"
    case lossProbabilitiesSoft = "loss.probabilities-soft"
    case lossesLogits = "losses.logits"
    case lossesProbabilities = "losses.probabilities"

    enum Domain { case logits, probabilities }

    var domain: Domain {
        switch self {
        case .lossLogits, .lossesLogits: .logits
        case .lossProbabilities, .lossProbabilitiesSoft, .lossesProbabilities: .probabilities
        }
    }

    /// Whether a loss is written for each element, or one number returned.
    var isUnreduced: Bool { self == .lossesLogits || self == .lossesProbabilities }

    var hasSoftTargets: Bool { self == .lossProbabilitiesSoft }

    /// Streams of `count` elements that must be read or written.
    var streams: Int { isUnreduced ? 3 : 2 }
}

/// What the rows of one table have in common.
struct Setting {
    let operation: Operation
    let scalar: String
    let count: Int
    let threads: Int

    func rowName(_ implementation: String) -> String {
        "\(operation.rawValue)/\(implementation)/\(scalar)/n=\(count)/threads=\(threads)"
    }
}

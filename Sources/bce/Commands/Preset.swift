import ArgumentParser
import CrossEntropy

/// Whose treatment of certain and wrong probabilities is wanted.
enum Preset: String, ExpressibleByArgument, CaseIterable {
    case exact, keras, pytorch

    var options: BinaryCrossEntropy {
        switch self {
        case .exact: .exact
        case .keras: .keras
        case .pytorch: .pyTorch
        }
    }
}

extension BinaryCrossEntropy.Reduction: ExpressibleByArgument {}

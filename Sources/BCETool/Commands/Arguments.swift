// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossEntropy

/// The implementation whose formula is used.
enum Preset: String, ExpressibleByArgument, CaseIterable {
    case exact, keras, keras2, pytorch
    case scikitLearn = "scikit-learn"

    var options: BinaryCrossEntropy {
        switch self {
        case .exact: .exact
        case .keras: .keras
        case .keras2: .keras2
        case .pytorch: .pyTorch
        case .scikitLearn: .scikitLearn
        }
    }
}

extension BinaryCrossEntropy.Reduction: ExpressibleByArgument {}

extension BinaryCrossEntropy.MissingTargets: ExpressibleByArgument {
    /// "nan" or a number.
    public init?(argument: String) {
        guard let value = Double(argument) else { return nil }
        self = value.isNaN ? .nan : .value(value)
    }
}

/// A number, or otherwise the name of a file.
enum PositiveWeight: ExpressibleByArgument {
    case number(Double)
    case file(String)

    init(argument: String) {
        self = Double(argument).map(Self.number) ?? .file(argument)
    }

    var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    var file: String? {
        if case .file(let path) = self { path } else { nil }
    }
}

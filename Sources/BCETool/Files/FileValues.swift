/// What a file holds for one argument of the tool: which element types it may have, and what they are read as.
protocol FileValues {
    init(_ elements: NPYElements) throws
    /// The numbers of a .csv file.
    init(column: [Double]) throws
}

protocol FileNumbers: FileValues {
    var asDoubles: [Double] { get }
}

/// Probabilities or logits.
enum AnyPredictions: FileNumbers {
    case half(Values<Float16>)
    case float(Values<Float>)
    case double(Values<Double>)

    init(_ elements: NPYElements) throws {
        switch elements.type {
        case "f2": self = .half(elements.halves())
        case "f4": self = .float(elements.floats())
        case "f8": self = .double(elements.doubles())
        default: throw elements.wrongType(expected: "f2, f4 or f8 for predictions")
        }
    }

    init(column: [Double]) { self = .double(Values(column)) }

    var asDoubles: [Double] {
        switch self {
        case .half(let values): values.map(Double.init)
        case .float(let values): values.map(Double.init)
        case .double(let values): values.map { $0 }
        }
    }
}

/// Targets: integers as bytes where all of them are 0 or 1.
enum AnyTargets: FileNumbers {
    case byte(Values<UInt8>)
    case float(Values<Float>)
    case double(Values<Double>)

    init(_ elements: NPYElements) throws {
        switch elements.type {
        case "b1", "u1": self = .byte(elements.bytes())
        case "f2": self = .float(Values(elements.halves().map(Float.init)))
        case "f4": self = .float(elements.floats())
        case "f8": self = .double(elements.doubles())
        default:
            var areLabels = true
            let labels = elements.integers { (number) -> UInt8 in
                if number != 0 && number != 1 { areLabels = false }
                return number == 1 ? 1 : 0
            }
            guard let labels else {
                throw elements.wrongType(expected: "f2, f4, f8, b1, u1 to u8 or i1 to i8")
            }
            self = areLabels ? .byte(Values(labels)) : .double(Values(elements.integers { $0 }!))
        }
    }

    init(column: [Double]) { self = .double(Values(column)) }

    var asDoubles: [Double] {
        switch self {
        case .byte(let values): values.map(Double.init)
        case .float(let values): values.map(Double.init)
        case .double(let values): values.map { $0 }
        }
    }

    subscript(_ index: Int) -> Double {
        switch self {
        case .byte(let values): Double(values[index])
        case .float(let values): Double(values[index])
        case .double(let values): values[index]
        }
    }
}

/// Weights.
enum AnyWeights: FileNumbers {
    case float(Values<Float>)
    case double(Values<Double>)

    init(_ elements: NPYElements) throws {
        switch elements.type {
        case "f2": self = .float(Values(elements.halves().map(Float.init)))
        case "f4": self = .float(elements.floats())
        case "f8": self = .double(elements.doubles())
        default:
            guard let numbers = elements.integers({ $0 }) else {
                throw elements.wrongType(expected: "f2, f4, f8, b1, u1 to u8 or i1 to i8")
            }
            self = .double(Values(numbers))
        }
    }

    init(column: [Double]) { self = .double(Values(column)) }

    var asDoubles: [Double] {
        switch self {
        case .float(let values): values.map(Double.init)
        case .double(let values): values.map { $0 }
        }
    }
}

/// A byte that is not 0 for each element that counts.
struct MaskBytes: FileValues {
    let bytes: Values<UInt8>

    init(_ elements: NPYElements) throws {
        switch elements.type {
        case "b1", "u1": bytes = elements.bytes()
        default:
            // Numbers in between are a mistake: predictions in the place of a mask.
            guard let bytes = elements.integers({ $0 == 0 ? 0 : 1 as UInt8 }) else {
                throw elements.wrongType(expected: "b1, u1 to u8 or i1 to i8 for a mask")
            }
            self.bytes = Values(bytes)
        }
    }

    init(column: [Double]) throws {
        if let index = column.firstIndex(where: \.isNaN) {
            throw ToolError("mask[\(index)] is nan, expected a number: 0 where an element does not count")
        }
        bytes = Values(column.map { $0 == 0 ? 0 : 1 })
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Why a call was rejected. A case names the argument or option, and the invalid value with its index if there is one.
public enum CrossEntropyError: Error, Equatable, Sendable {
    /// `argument` has `count` elements, but `expected` are required.
    case countMismatch(argument: String, count: Int, expected: Int)
    /// The output `argument` has room for `count` numbers, but `needed` are written.
    case outputTooShort(argument: String, count: Int, needed: Int)
    /// The batch already has `argument`.
    case givenTwice(argument: String)
    /// `argument` is a matrix whose shape does not match the other arguments.
    case shapeMismatch(
        argument: String, rows: Int, columns: Int, expectedRows: Int, expectedColumns: Int)
    /// A matrix, or one of its rows, has more elements than an index or a BLAS integer can count.
    case matrixTooLarge(argument: String, rows: Int, columns: Int, limit: Int)
    /// `argument` has counted `count` elements and cannot count `added` more: the total would overflow `Int` or, for
    /// reports, groups and evaluations, exceed 2^42.
    case tooManyElements(argument: String, count: Int, added: Int)
    /// An element is outside its domain or, when thrown by `BinaryCrossEntropy.check(...)`, NaN. The index is in
    /// row-major order.
    case valueOutOfDomain(argument: String, index: Int, value: Double, domain: String)
    /// An option has an invalid value.
    case invalidOption(option: String, value: Double, allowed: String)
    /// A Hessian with respect to probabilities was requested; it is available only with respect to logits.
    case hessianOfProbabilities
    /// The bytes of `argument` are not a state that can be read; see ``MergeableSums/init(serialized:)``.
    case invalidState(argument: String, problem: String)
    /// `CROSS_ENTROPY_ISA` requests an instruction set that this machine, or this library, does not have.
    case unavailableInstructionSet(requested: String, available: String)
}

extension CrossEntropyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .countMismatch(let argument, let count, let expected):
            "\(argument) has \(count) elements, expected \(expected)"
        case .outputTooShort(let argument, let count, let needed):
            "\(argument) has room for \(count) numbers, and \(needed) are written"
        case .givenTwice(let argument): "\(argument) are given twice"
        case .shapeMismatch(let argument, let rows, let columns, let expectedRows, let expectedColumns):
            "\(argument) has \(rows) x \(columns) elements, expected \(expectedRows) x \(expectedColumns)"
        case .matrixTooLarge(let argument, let rows, let columns, let limit):
            "\(argument) has \(rows) x \(columns) elements, expected sizes of at most \(limit)"
        case .tooManyElements(let argument, let count, let added):
            "\(argument) counts \(count) elements and cannot count \(added) more"
        case .valueOutOfDomain(let argument, let index, let value, let domain):
            "\(argument)[\(index)] is \(value.shortestOfElement), expected a number in \(domain)"
        case .invalidOption(let option, let value, let allowed):
            "\(option) is \(value.shortest), expected \(allowed)"
        case .hessianOfProbabilities:
            "hessian is not available for probabilities, only for logits"
        case .invalidState(let argument, let problem): "\(argument) is no valid state: \(problem)"
        case .unavailableInstructionSet(let requested, let available):
            "CROSS_ENTROPY_ISA is \"\(requested.utf8.excerpt)\", expected one of: \(available)"
        }
    }
}

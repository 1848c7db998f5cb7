// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface

/// A mistake that is possible only in C, such as a null pointer. All other errors are a `CrossEntropyError`.
package struct InvalidArgument: Error {
    let argument: String
    let problem: String

    package init(_ argument: String, _ problem: String) {
        self.argument = argument
        self.problem = problem
    }
}

/// A report was requested from an accumulator that does not keep one.
struct NoReport: Error {}

/// Runs the body of a function of the C interface. If it throws an error, stores it for `ce_last_error` and returns its
/// status.
@inline(__always)
package func attempt(_ body: () throws -> Void) -> ce_status {
    do {
        try body()
        return ce_status(CE_OK)
    } catch {
        return store(error)
    }
}

@inline(never)
private func store(_ error: any Error) -> ce_status {
    let place = own_error()!
    place.pointee.index = -1
    place.pointee.value = .nan
    switch error {
    case let error as CrossEntropyError: error.store(in: &place.pointee)
    case let error as InvalidArgument:
        place.pointee.status = ce_status(CE_INVALID_ARGUMENT)
        write(error.argument, into: &place.pointee.argument)
        write("\(error.argument) \(error.problem)", into: &place.pointee.message)
    case is NoReport:
        place.pointee.status = ce_status(CE_NO_REPORT)
        write("accumulator", into: &place.pointee.argument)
        write("the accumulator keeps no report", into: &place.pointee.message)
    default: fatalError("the library throws no other errors")
    }
    return place.pointee.status
}

extension CrossEntropyError {
    fileprivate func store(in error: inout ce_error) {
        error.status = ce_status(status)
        let name = subject.asMember
        write(name, into: &error.argument)
        write(
            description.hasPrefix(subject) ? name + description.dropFirst(subject.count) : description,
            into: &error.message)
        if case .valueOutOfDomain(_, let index, _, _) = self { error.index = Int64(index) }
        switch self {
        case .valueOutOfDomain(_, _, let value, _), .invalidOption(_, let value, _): error.value = value
        default: break
        }
    }

    private var status: Int {
        switch self {
        case .countMismatch: CE_COUNT_MISMATCH
        case .outputTooShort: CE_OUTPUT_TOO_SHORT
        case .shapeMismatch: CE_SHAPE_MISMATCH
        case .matrixTooLarge: CE_TOO_LARGE
        case .tooManyElements: CE_TOO_MANY_ELEMENTS
        case .valueOutOfDomain: CE_OUT_OF_DOMAIN
        case .invalidOption: CE_INVALID_OPTION
        case .hessianOfProbabilities: CE_NO_HESSIAN
        case .unavailableInstructionSet: CE_NO_INSTRUCTION_SET
        case .givenTwice: CE_INVALID_ARGUMENT
        case .invalidState: CE_INVALID_STATE
        }
    }

    /// The argument or option that the error is about.
    private var subject: String {
        switch self {
        case .countMismatch(let argument, _, _), .outputTooShort(let argument, _, _),
            .givenTwice(let argument),
            .shapeMismatch(let argument, _, _, _, _), .matrixTooLarge(let argument, _, _, _),
            .tooManyElements(let argument, _, _), .valueOutOfDomain(let argument, _, _, _),
            .invalidState(let argument, _):
            argument
        case .invalidOption(let option, _, _): option
        case .hessianOfProbabilities: "hessian"
        case .unavailableInstructionSet: "CROSS_ENTROPY_ISA"
        }
    }
}

extension String {
    /// The name that an option or argument has in the C structs: label_smoothing for "labelSmoothing", and row_weights
    /// for "row weights".
    fileprivate var asMember: String {
        switch self {
        case "gamma": "focal_gamma"
        case "alpha": "focal_alpha"
        case "logFloor", "clipping.epsilon": "clipping_value"
        case "probabilityGradient.epsilon": "gradient_value"
        case "missingTargets": "missing_value"
        case "row losses", "column losses": "losses"
        case "serialized": "state"
        case "CROSS_ENTROPY_ISA": self
        default:
            reduce(into: "") { name, letter in
                name += letter == " " ? "_" : letter.isUppercase ? "_" + letter.lowercased() : String(letter)
            }
        }
    }
}

/// Writes a text and a terminating zero to an array of chars. If the text does not fit, it is truncated between two
/// Unicode scalars.
package func write<Characters>(_ text: String, into characters: inout Characters) {
    withUnsafeMutableBytes(of: &characters) { bytes in
        var length = 0
        for scalar in text.unicodeScalars {
            let size = UTF8.width(scalar)
            guard length + size < bytes.count else { break }
            length += size
        }
        bytes.copyBytes(from: text.utf8.prefix(length))
        bytes[length] = 0
    }
}

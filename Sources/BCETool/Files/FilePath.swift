// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// The path of a file, byte for byte as the user gave it: any bytes but zero. Nothing is expanded, normalised or
/// resolved on the way to the kernel.
struct FilePath: Equatable {
    /// With the zero that ends it in C, so that a file can be removed without any memory to be had.
    private let terminated: [UInt8]

    var bytes: [UInt8] { Array(terminated.dropLast()) }

    init(_ bytes: some Sequence<UInt8>) { terminated = Array(bytes) + [0] }

    /// - Parameter argument: as `CommandLine.textArguments` has it.
    init(argument: String) { self.init(argument.argumentBytes()) }

    func withCString<R>(_ body: (UnsafePointer<CChar>) throws -> R) rethrows -> R {
        try unsafe terminated.withUnsafeBytes {
            try unsafe body($0.baseAddress!.assumingMemoryBound(to: CChar.self))
        }
    }
}

extension FilePath: CustomStringConvertible {
    /// For messages: escaped, and its end and its beginning where it is long.
    var description: String {
        bytes.isEmpty ? "\"\"" : String(escaping: bytes).shortened(head: 100, tail: 150)
    }
}

/// Arguments are bytes, the parser takes Strings. `CommandLine.arguments` repairs what is not UTF-8, and Strings compare
/// and split by what looks alike: "=" and a combining accent after it are one Character. So a byte that is not printable
/// ASCII (or a tab) becomes a scalar of its own, from a block for private use, as in Python's `surrogateescape`. Every
/// such byte is treated so: the way back is unique.
private let firstEscapeScalar: UInt32 = 0x10FE00

extension CommandLine {
    /// All arguments behind the name of the program, as the system has them.
    static var unsafeArguments: [UnsafeMutablePointer<CChar>] {
        unsafe (0..<Int(argc)).dropFirst().compactMap { unsafe unsafeArgv[$0] }
    }

    /// The same for the parser.
    static var textArguments: [String] {
        unsafe unsafeArguments.map { argument in
            let bytes = unsafe UnsafeRawBufferPointer(start: argument, count: strlen(argument))
            var text = String.UnicodeScalarView()
            unsafe text.append(contentsOf: bytes.lazy.map(scalar))
            return String(text)
        }
    }

    private static func scalar(_ byte: UInt8) -> Unicode.Scalar {
        (0x20...0x7E).contains(byte) || byte == UInt8(ascii: "\t")
            ? Unicode.Scalar(byte) : Unicode.Scalar(firstEscapeScalar + UInt32(byte))!
    }
}

extension String {
    /// As much of an argument, or of a file's text, as a message bears.
    var excerpt: String { argumentBytes(atMost: 200).excerpt }

    /// The bytes that an argument was made of, or its first bytes, a few more than `limit`.
    func argumentBytes(atMost limit: Int = .max) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in unicodeScalars {
            guard bytes.count < limit else { break }
            if (firstEscapeScalar...firstEscapeScalar + 0xFF).contains(scalar.value) {
                bytes.append(UInt8(scalar.value - firstEscapeScalar))
            } else {
                bytes += UTF8.encode(scalar)!
            }
        }
        return bytes
    }
}

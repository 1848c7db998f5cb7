// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The path of a file, byte for byte as the user gave it; any byte except zero may occur. Nothing is expanded,
/// normalised or resolved before it reaches the kernel.
struct FilePath: Equatable {
    /// Includes the terminating zero of a C string, so that a file can be removed without allocating memory.
    private let terminated: [UInt8]

    var bytes: [UInt8] { Array(terminated.dropLast()) }

    /// What messages call it.
    static let standardInput = FilePath("standard input".utf8)

    func hasSuffix(_ suffix: String) -> Bool { bytes.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) }

    init(_ bytes: some Sequence<UInt8>) { terminated = Array(bytes) + [0] }

    /// - Parameter argument: in the form in which `CommandLine.textArguments` returns it.
    init(argument: String) { self.init(argument.argumentBytes()) }

    func withCString<R>(_ body: (UnsafePointer<CChar>) throws -> R) rethrows -> R {
        try unsafe terminated.withUnsafeBytes {
            try unsafe body($0.baseAddress!.assumingMemoryBound(to: CChar.self))
        }
    }
}

extension FilePath: CustomStringConvertible {
    /// For messages: escaped, and if it is long, only its beginning and its end.
    var description: String {
        bytes.isEmpty ? "\"\"" : String(escaping: bytes).shortened(head: 100, tail: 150)
    }
}

/// Arguments are bytes, but the parser takes Strings. `CommandLine.arguments` repairs invalid UTF-8, and Strings
/// compare and split by canonical equivalence and grapheme: "=" followed by a combining accent is one Character.
/// Therefore every byte that is not printable ASCII (or a tab) becomes a scalar of its own in a private use area, as in
/// Python's `surrogateescape`. Because this applies to every such byte, the mapping is uniquely invertible.
private let firstEscapeScalar: UInt32 = 0x10FE00

extension CommandLine {
    /// All arguments after the name of the program, as the system passes them.
    static var unsafeArguments: [UnsafeMutablePointer<CChar>] {
        unsafe (0..<Int(argc)).dropFirst().compactMap { unsafe unsafeArgv[$0] }
    }

    /// The same arguments in a form for the parser.
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
    /// As much of an argument, or of a file's text, as fits into a message.
    var excerpt: String { argumentBytes(atMost: 200).excerpt }

    /// The bytes from which an argument was made, or its first bytes, which may be a few more than `limit`.
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

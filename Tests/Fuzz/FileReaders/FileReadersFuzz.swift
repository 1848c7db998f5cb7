// SPDX-License-Identifier: Apache-2.0

import Foundation
import LibFuzzer

@testable import BCETool

/// Reads bytes as an .npy or .csv file of the tool, in every role. Either the file is rejected with an error that names
/// it, or all its elements can be read, and are the same whichever pieces they are read in.
@main
struct FileReadersFuzz {
    static func main() throws {
        if CommandLine.arguments.dropFirst().first == "--seeds" {
            return try Seeds.write(to: CommandLine.arguments[2])
        }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { data, size in
                FileReadersFuzz.run(UnsafeRawBufferPointer(start: data, count: size))
                return 0
            })
    }

    /// Rewritten for every input: like the tool, the harness opens a file by its path, here one in memory.
    private static let npy = ScratchFile("input.npy")
    private static let csv = ScratchFile("input.csv")
    private static let roles: [FileRole] = [.predictions, .targets, .weights, .positiveWeights, .mask]

    /// The first byte selects the type and the role of the file; the rest is its contents.
    private static func run(_ input: UnsafeRawBufferPointer) {
        guard let choice = input.first else { return }
        let role = roles[Int(choice & 0x0F) % roles.count]
        let isCSV = choice & 0x10 != 0
        let options = CSVOptions(hasHeader: choice & 0x20 != 0, emptyTarget: choice & 0x40 != 0 ? .nan : nil)
        let file = isCSV ? csv : npy
        file.write(UnsafeRawBufferPointer(rebasing: input.dropFirst()))
        let argument = file.path + (isCSV && choice & 0x80 != 0 ? ":2" : "")
        do {
            try read(FileColumn(argument, role, options))
        } catch let error as ToolError {
            precondition(
                !"\(error)".isEmpty && "\(error)".utf8.count < 4096,
                "a message of \("\(error)".utf8.count) bytes")
        } catch {
            preconditionFailure("an error of another kind: \(error)")
        }
    }

    private static func read(_ column: FileColumn) throws {
        // The size of an .npy file must match its elements, so there are never more elements than the input has bytes.
        let count = column.count
        guard count > 0, column.role != .predictions else { return }
        let whole = try NumberWindow(column, capacity: count)
        try whole.read(0..<count)
        let half = (count + 1) / 2
        let part = try NumberWindow(column, capacity: half)
        for range in [0..<half, half..<count] where !range.isEmpty {
            try part.read(range)
            for index in range {
                let (a, b) = (whole.numbers[index], part.numbers[index - range.lowerBound])
                precondition(
                    a == b || a.isNaN && b.isNaN, "element \(index) is \(a), and \(b) in another piece")
            }
        }
    }
}

/// A file in the temporary directory that keeps its path while its contents change.
struct ScratchFile: Sendable {
    let path: String
    private let descriptor: Int32

    init(_ name: String) {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("\(getpid())-\(name)").path
        descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        precondition(descriptor >= 0, "\(path) cannot be written")
    }

    func write(_ bytes: UnsafeRawBufferPointer) {
        precondition(ftruncate(descriptor, 0) == 0)
        precondition(bytes.isEmpty || pwrite(descriptor, bytes.baseAddress!, bytes.count, 0) == bytes.count)
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// All output files of one command: whatever happens, all of them are replaced or none is.
///
/// What cannot be had from a file system: a crash between the first and the last `rename` leaves some of them replaced.
final class OutputFiles {
    private var known: [Known] = []
    private var outputs: [OutputFile] = []

    /// What an output must not be.
    private struct Known {
        let title: String
        let file: FileIdentity?
        var place: OutputPlace?

        func isSame(as other: OutputPlace) -> Bool {
            if let replaced = other.replaced { return replaced.identity == file }
            guard let place else { return false }
            return place.folder.identity == other.folder.identity && place.name == other.name
        }
    }

    /// - Parameter inputs: files that the command is going to read, with the argument that names each.
    init(inputs: [(argument: String, path: FilePath)]) {
        known = inputs.map { Known(title: "\($0.argument) (\($0.path))", file: FileIdentity(of: $0.path)) }
        known.append(Known(title: "standard output", file: FileIdentity(of: 1)))
        known.append(Known(title: "standard error", file: FileIdentity(of: 2)))
    }

    /// Begins an output, before anything is read: what is wrong with its place should not come up after an hour's work.
    func add(_ option: String, _ argument: String) throws -> OutputFile {
        let path = FilePath(argument: argument)
        let place = try OutputPlace(path)
        let title = "\(option) (\(path))"
        if let other = known.first(where: { $0.isSame(as: place) }) {
            throw ValidationError("\(other.title) and \(title) must be different files")
        }
        let output = try OutputFile(path, at: place)
        known.append(Known(title: title, file: place.replaced?.identity, place: place))
        outputs.append(output)
        return output
    }

    /// Prints the result and moves all files to their places. What is printed comes first: no file is replaced by a
    /// command that fails because its reader has gone.
    func finish(printing result: String) throws {
        for output in outputs { try output.finish() }
        try StandardOutput.print(result)
        try StandardOutput.close()
        try TemporaryFiles.move { try replaceAll() }
        for folder in Dictionary(
            outputs.map { ($0.place.folder.identity, $0) }, uniquingKeysWith: { a, _ in a })
        {
            do throws(SystemError) { try folder.value.place.folder.flush() } catch {
                throw ToolError("\(folder.value.path): written, but its folder cannot be: \(error.reason)")
            }
        }
    }

    private func replaceAll() throws {
        var done: [Replacement] = []
        for (index, output) in outputs.enumerated() {
            do throws(SystemError) {
                done.append(try Replacement(output, canBeUndone: index + 1 < outputs.count))
            } catch {
                throw ToolError(output.failure(error).description + undo(done))
            }
        }
        for replacement in done { try replacement.finish() }
    }

    /// What could not be undone, for the message.
    private func undo(_ done: [Replacement]) -> String {
        done.reversed().map { replacement in
            do throws(SystemError) {
                try replacement.undo()
                return ""
            } catch {
                return "; \(replacement.remainder): \(error.reason)"
            }
        }.joined()
    }
}

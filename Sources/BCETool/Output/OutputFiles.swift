// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// All output files of one command. Whatever happens, either all of them are replaced or none is.
///
/// No file system can guarantee this completely: a crash between the first and the last `rename` leaves some of them
/// replaced.
final class OutputFiles {
    private var known: [Known] = []
    private var outputs: [OutputFile] = []

    /// A file that an output must not be the same as.
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

    /// - Parameter inputs: the files that the command is going to read, with the argument that names each.
    init(inputs: [(argument: String, file: FileIdentity?)]) {
        known = inputs.map { Known(title: $0.argument, file: $0.file) }
        known.append(Known(title: "standard output", file: FileIdentity(of: 1)))
        known.append(Known(title: "standard error", file: FileIdentity(of: 2)))
    }

    /// Starts an output before anything is read, so that an invalid destination is not discovered after an hour of
    /// work.
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

    /// Prints the result and moves all files to their destinations. Printing comes first, so that no file is replaced
    /// by a command that fails because the reader of its output has gone.
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

    /// A description of what could not be undone, for the message.
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

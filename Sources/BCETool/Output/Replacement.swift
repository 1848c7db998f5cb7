// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The step of an output from its temporary file to its place, which can be taken back.
struct Replacement {
    private let file: OutputFile
    /// Where the file that was there is meanwhile.
    private var old: FilePath?

    /// - Parameter canBeUndone: of no use for the last one of all, which is one step and leaves nothing to clean up.
    init(_ file: OutputFile, canBeUndone: Bool) throws(SystemError) {
        self.file = file
        let (folder, name) = (file.place.folder, file.place.name)
        if let status = try folder.status(of: name) {
            // It may have become another since the place was looked at.
            guard status.st_mode.isRegularFile else { throw SystemError(EEXIST) }
            if canBeUndone { old = try Self.keep(name, in: folder) }
        }
        do throws(SystemError) {
            try folder.rename(file.temporary.name, to: name)
        } catch {
            if old != nil { try undo() }
            throw error
        }
    }

    /// The new name of the file; there is a moment without one by the old name where the file system has no links.
    private static func keep(_ name: FilePath, in folder: Folder) throws(SystemError) -> FilePath {
        let old = TemporaryFiles.unusedName()
        do throws(SystemError) {
            try folder.link(name, as: old)
        } catch {
            try folder.rename(name, to: old)
        }
        return old
    }

    /// Leaves what was there before.
    func undo() throws(SystemError) {
        let (folder, name) = (file.place.folder, file.place.name)
        guard let old else { return try folder.remove(name) }
        try folder.rename(old, to: name)
        // Where both are still names of one file, a rename does nothing.
        try? folder.remove(old)
    }

    /// What is in the place of the old file where `undo` fails.
    var remainder: String {
        "\(file.path) has been replaced already" + (old.map { ", what was there is \($0) beside it" } ?? "")
    }

    /// Gives up what was there before.
    func finish() throws {
        guard let old else { return }
        do throws(SystemError) { try file.place.folder.remove(old) } catch {
            throw ToolError(
                "\(file.path): written, but what was there cannot be removed, it is \(old) beside it: \(error.reason)"
            )
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The move of an output from its temporary file to its destination, which can be undone.
struct Replacement {
    private let file: OutputFile
    /// The temporary name of the file that was there before.
    private var old: FilePath?

    /// - Parameter canBeUndone: not needed for the last of all replacements, which is a single step and leaves nothing
    ///   to clean up.
    init(_ file: OutputFile, canBeUndone: Bool) throws(SystemError) {
        self.file = file
        let (folder, name) = (file.place.folder, file.place.name)
        if let status = try folder.status(of: name) {
            // It may have been replaced by something else since the destination was examined.
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

    /// The new name of the file. If the file system has no hard links, there is a moment when nothing has the old name.
    private static func keep(_ name: FilePath, in folder: Folder) throws(SystemError) -> FilePath {
        let old = TemporaryFiles.unusedName()
        do throws(SystemError) {
            try folder.link(name, as: old)
        } catch {
            try folder.rename(name, to: old)
        }
        return old
    }

    /// Restores what was there before.
    func undo() throws(SystemError) {
        let (folder, name) = (file.place.folder, file.place.name)
        guard let old else { return try folder.remove(name) }
        try folder.rename(old, to: name)
        // If both are still names of the same file, a rename does nothing.
        try? folder.remove(old)
    }

    /// A description of what remains in place of the old file if `undo` fails.
    var remainder: String {
        "\(file.path) has been replaced already" + (old.map { ", what was there is \($0) beside it" } ?? "")
    }

    /// Discards what was there before.
    func finish() throws {
        guard let old else { return }
        do throws(SystemError) { try file.place.folder.remove(old) } catch {
            throw ToolError(
                "\(file.path): written, but what was there cannot be removed, it is \(old) beside it: \(error.reason)"
            )
        }
    }
}

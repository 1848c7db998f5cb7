// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Synchronization

/// Every file of the tool that has not yet been moved to its destination, so that a signal or an error leaves none
/// behind. (A file without a name, `O_TMPFILE`, would need none of this, but not every file system supports it.)
///
/// Files are created, moved and removed under a lock, so that a signal finds all of them, and never finds a set of
/// outputs that is only partly in place.
enum TemporaryFiles {
    struct File: Sendable {
        let folder: Folder
        let name: FilePath
    }

    private static let files = Mutex<[File]>([])
    private static let watching = Mutex(false)

    /// Creates a file to be written.
    ///
    /// - Parameter mode: the mode of the file that it is to replace; nil for the default mode of new files.
    static func create(in folder: Folder, mode: mode_t?) throws -> (file: File, descriptor: Int32) {
        try watch()
        return try files.withLock { files throws(SystemError) in
            while true {
                let name = unusedName()
                let descriptor: Int32
                do throws(SystemError) {
                    descriptor = try folder.create(name, mode: mode == nil ? 0o666 : 0o600)
                } catch SystemError(EEXIST) { continue }
                let file = File(folder: folder, name: name)
                files.append(file)
                guard mode.map({ fchmod(descriptor, $0) == 0 }) ?? true else { throw .last }
                return (file, descriptor)
            }
        }
    }

    static func unusedName() -> FilePath {
        FilePath((".bce-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)).utf8)
    }

    /// Moves all files to their destinations, or none of them; no signal ends the tool in the meantime.
    static func move<E: Error>(_ body: () throws(E) -> Void) throws(E) {
        try files.withLock { files throws(E) in
            try body()
            files = []
        }
    }

    static func removeAll() {
        files.withLock { remove(&$0) }
    }

    private static func remove(_ files: inout [File]) {
        for file in files { try? file.folder.remove(file.name) }
        files = []
    }

    /// Without outputs, signals are left alone.
    private static func watch() throws {
        try watching.withLock { isWatching in
            guard !isWatching else { return }
            try Signals.watch { number in
                // A thread that holds the lock finishes first, and no thread acquires it afterwards.
                files.withLock { files in
                    remove(&files)
                    Signals.die(of: number)
                }
            }
            isWatching = true
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation
import Synchronization

/// Every file of the tool that is not yet in its place, so that none is left behind by a signal or an error. (A file
/// without a name, `O_TMPFILE`, would need none of this, but not every file system has it.)
///
/// They are made, moved and removed under a lock: a signal finds them all, and none of a set of outputs half in place.
enum TemporaryFiles {
    struct File: Sendable {
        let folder: Folder
        let name: FilePath
    }

    private static let files = Mutex<[File]>([])
    private static let watching = Mutex(false)

    /// A new file, to be written.
    ///
    /// - Parameter mode: of the file that it is to replace; nil for that of new files.
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

    /// Moves them to their places, or none of them; no signal ends the tool meanwhile.
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

    /// Without outputs signals are left alone.
    private static func watch() throws {
        try watching.withLock { isWatching in
            guard !isWatching else { return }
            try Signals.watch { number in
                // Whoever holds the lock is done first, and nobody gets it afterwards.
                files.withLock { files in
                    remove(&files)
                    Signals.die(of: number)
                }
            }
            isWatching = true
        }
    }
}

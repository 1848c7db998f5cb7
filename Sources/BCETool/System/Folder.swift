// SPDX-License-Identifier: Apache-2.0

/// An open folder. Operations on its files do not depend on what becomes of the path that led to it, and the names of
/// its files may be as long as the file system allows, however long that path is.
final class Folder: Sendable {
    private let descriptor: Int32
    let identity: FileIdentity

    /// - Parameter folder: the folder in which a relative path begins; the current folder if nil.
    init(_ path: FilePath, from folder: Folder? = nil) throws(SystemError) {
        #if os(Linux)
            // A folder that cannot be listed may still be writable.
            let flags = openPath | O_DIRECTORY | O_CLOEXEC
        #else
            let flags = O_SEARCH | O_DIRECTORY | O_CLOEXEC
        #endif
        descriptor = unsafe path.withCString { unsafe openat(folder?.descriptor ?? AT_FDCWD, $0, flags) }
        guard descriptor >= 0 else { throw .last }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .last }
        identity = FileIdentity(status)
    }

    deinit { close(descriptor) }

    /// The status of a link itself, not of its target; nil if there is no such file.
    func status(of name: FilePath) throws(SystemError) -> stat? {
        var status = stat()
        let result = unsafe name.withCString {
            unsafe fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW)
        }
        guard result != 0 else { return status }
        guard errno == ENOENT else { throw .last }
        return nil
    }

    func target(ofLink name: FilePath) throws(SystemError) -> FilePath {
        var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = unsafe name.withCString { name in
            unsafe target.withUnsafeMutableBytes { buffer in
                unsafe readlinkat(
                    descriptor, name, buffer.assumingMemoryBound(to: CChar.self).baseAddress!, buffer.count)
            }
        }
        guard length >= 0 else { throw .last }
        return FilePath(target.prefix(length))
    }

    /// Creates a file that did not exist before, and returns its descriptor.
    func create(_ name: FilePath, mode: mode_t) throws(SystemError) -> Int32 {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = unsafe name.withCString { unsafe openat(descriptor, $0, flags, mode) }
        guard file >= 0 else { throw .last }
        return file
    }

    func rename(_ name: FilePath, to other: FilePath) throws(SystemError) {
        try check(
            unsafe name.withCString { name in
                unsafe other.withCString { unsafe renameat(descriptor, name, descriptor, $0) }
            })
    }

    /// Gives the same file a second name.
    func link(_ name: FilePath, as other: FilePath) throws(SystemError) {
        try check(
            unsafe name.withCString { name in
                unsafe other.withCString { unsafe linkat(descriptor, name, descriptor, $0, 0) }
            })
    }

    func remove(_ name: FilePath) throws(SystemError) {
        try check(unsafe name.withCString { unsafe unlinkat(descriptor, $0, 0) })
    }

    /// Makes the names in the folder survive a power failure, if its file system and its permissions allow that.
    func flush() throws(SystemError) {
        let readable = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard readable >= 0 else { return }
        defer { close(readable) }
        guard fsync(readable) == 0 || errno == EINVAL || errno == ENOTSUP else { throw .last }
    }

    private func check(_ result: Int32) throws(SystemError) {
        guard result == 0 else { throw .last }
    }
}

#if os(Linux)
    /// `O_PATH`, which is missing from Swift's Glibc module.
    private let openPath: Int32 = 0o10_000_000
#endif

/// Identifies a file independently of the path by which it is reached.
struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
    }

    init?(of path: FilePath) {
        var status = stat()
        guard unsafe path.withCString({ unsafe stat($0, &status) }) == 0 else { return nil }
        self.init(status)
    }

    init?(of descriptor: Int32) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }
}

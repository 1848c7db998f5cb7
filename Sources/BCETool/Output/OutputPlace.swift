// SPDX-License-Identifier: Apache-2.0

/// The destination of an output: a name in a folder. Links are followed, so that a link remains a link and its target
/// is replaced.
struct OutputPlace {
    let folder: Folder
    let name: FilePath
    /// The identity and mode of the file that currently exists there; nil if there is none.
    let replaced: (identity: FileIdentity, mode: mode_t)?

    /// The same limit as in Linux.
    private static let mostLinks = 40

    init(_ path: FilePath) throws {
        do throws(SystemError) {
            try self.init(following: path)
        } catch {
            throw ToolError("\(path): cannot be written: \(error.reason)")
        }
        // A link in /proc may contain "pipe:[4026]" and lead to a pipe.
        guard replaced?.identity == FileIdentity(of: path), replaced.map({ $0.mode.isRegularFile }) ?? true
        else { throw ToolError("\(path): cannot be written: not a regular file") }
    }

    private init(following path: FilePath) throws(SystemError) {
        var rest = path
        var folder = try Folder(FilePath(".".utf8))
        for _ in 0...Self.mostLinks {
            let (parent, name) = rest.parentAndName
            if !parent.bytes.isEmpty { folder = try Folder(parent, from: folder) }
            // A path that ends in a slash is a folder; an empty path does not exist.
            guard !name.bytes.isEmpty else { throw SystemError(parent.bytes.isEmpty ? ENOENT : EISDIR) }
            guard let status = try folder.status(of: name) else {
                (self.folder, self.name, replaced) = (folder, name, nil)
                return
            }
            guard status.st_mode & S_IFMT == S_IFLNK else {
                (self.folder, self.name) = (folder, name)
                replaced = (FileIdentity(status), status.st_mode)
                return
            }
            rest = try folder.target(ofLink: name)
        }
        throw SystemError(ELOOP)
    }
}

extension mode_t {
    var isRegularFile: Bool { self & S_IFMT == S_IFREG }
}

extension FilePath {
    fileprivate var parentAndName: (FilePath, FilePath) {
        let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return (FilePath(bytes[..<start]), FilePath(bytes[start...]))
    }
}

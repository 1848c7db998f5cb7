// SPDX-License-Identifier: Apache-2.0

/// A regular file that is read by offset into the caller's memory and never mapped. If a mapped file shrinks, the
/// process is killed; if it changes, a value may differ between the time it is checked and the time it is used.
///
/// Several threads may read at once.
@safe
final class InputFile: Sendable {
    let path: FilePath
    let size: Int
    private let descriptor: Int32
    private let modified: Modified

    private struct Modified: Equatable {
        let seconds: Int
        let nanoseconds: Int
    }

    init(_ path: FilePath) throws {
        self.path = path
        // Without O_NONBLOCK, opening a pipe waits until another process writes to it.
        descriptor = unsafe path.withCString { unsafe open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
        guard descriptor >= 0 else { throw ToolError("\(path): \(SystemError.last.reason)") }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ToolError("\(path): not a regular file")
        }
        guard status.st_size > 0 else {
            close(descriptor)
            throw ToolError("\(path): the file is empty")
        }
        size = Int(status.st_size)
        modified = Self.modified(status)
    }

    deinit { close(descriptor) }

    /// Fills `bytes` with the bytes of the file starting at `offset`.
    func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        let isComplete: Bool
        do throws(SystemError) {
            isComplete = try transferAll(bytes.count) { done, rest in
                unsafe pread(descriptor, bytes.baseAddress! + done, rest, off_t(offset + done))
            }
        } catch {
            throw ToolError("\(path): cannot be read: \(error.reason)")
        }
        guard isComplete else { throw ToolError("\(path): became shorter while it was read") }
    }

    /// Fails if the file was written to since it was opened, judging by its size and modification time. The system
    /// records that time in steps of some milliseconds, so a change within the step in which the file was opened is not
    /// detected.
    func checkUnchanged() throws {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw ToolError("\(path): cannot be read: \(SystemError.last.reason)")
        }
        guard status.st_size >= size else { throw ToolError("\(path): became shorter while it was read") }
        guard status.st_size == size, Self.modified(status) == modified else {
            throw ToolError("\(path): was changed while it was read")
        }
    }

    private static func modified(_ status: stat) -> Modified {
        #if os(macOS)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return Modified(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }
}

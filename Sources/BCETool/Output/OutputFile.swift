// SPDX-License-Identifier: Apache-2.0

/// An output while it is being written: a temporary file in its destination folder.
@safe
final class OutputFile {
    let path: FilePath
    let place: OutputPlace
    let temporary: TemporaryFiles.File
    private let descriptor: Int32

    init(_ path: FilePath, at place: OutputPlace) throws {
        (self.path, self.place) = (path, place)
        do {
            (temporary, descriptor) = try TemporaryFiles.create(
                in: place.folder, mode: place.replaced.map { $0.mode & 0o777 })
        } catch let error as SystemError {
            throw Self.failure(path, error)
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        do throws(SystemError) {
            let isComplete = try transferAll(bytes.count) { done, rest in
                unsafe pwrite(descriptor, bytes.baseAddress! + done, rest, off_t(offset + done))
            }
            guard isComplete else { throw SystemError(EIO) }
        } catch {
            throw failure(error)
        }
    }

    /// Flushes the file to disk: a full disk or a server may report only now that it did not accept the data.
    func finish() throws {
        guard fsync(descriptor) == 0, close(descriptor) == 0 else { throw failure(.last) }
    }

    func failure(_ error: SystemError) -> ToolError { Self.failure(path, error) }

    private static func failure(_ path: FilePath, _ error: SystemError) -> ToolError {
        ToolError("\(path): cannot be written: \(error.reason)")
    }
}

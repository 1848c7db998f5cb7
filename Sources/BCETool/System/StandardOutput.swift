// SPDX-License-Identifier: Apache-2.0

/// All output of the tool goes through here, because `print` does not report that a disk is full.
enum StandardOutput {
    static func print(_ text: String) throws {
        var line = text + "\n"
        let result: Result<Void, SystemError> = line.withUTF8 { text in
            Result { () throws(SystemError) in try unsafe writeAll(UnsafeRawBufferPointer(text), to: 1) }
        }
        do throws(SystemError) { try result.get() } catch { throw failure(error) }
    }

    /// Closes the descriptor, because some file systems report only then what did not reach them. Its number remains
    /// reserved.
    static func close() throws {
        guard closeDescriptor(1) == 0 || errno == EINTR else { throw failure(.last) }
        StandardDescriptors.reserve()
    }

    private static func failure(_ error: SystemError) -> any Error {
        error.code == EPIPE && !BrokenPipe.wasIgnored
            ? BrokenPipe() : ToolError("standard output: cannot be written: \(error.reason)")
    }
}

enum StandardDescriptors {
    /// Occupies those of the descriptors 0 to 2 that are closed. Otherwise a file opened later would get one of these
    /// numbers, and printed text would go into it. A folder can be neither read nor written.
    static func reserve() {
        for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
            // Gets the lowest free number, which is this one.
            _ = unsafe open("/", O_RDONLY | O_DIRECTORY)
        }
    }
}

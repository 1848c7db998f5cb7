import Foundation

/// A file mapped into memory, read-only, for as long as this object lives.
@safe
final class MappedFile {
    let path: String
    let bytes: UnsafeRawBufferPointer

    init(_ path: String) throws {
        self.path = path
        // Without O_NONBLOCK, opening a pipe waits for somebody to write to it.
        let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw ToolError("\(path): \(Self.reason)") }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ToolError("\(path): not a regular file")
        }
        guard status.st_size > 0 else { throw ToolError("\(path): the file is empty") }
        let size = Int(status.st_size)
        let address = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw ToolError("\(path): cannot be mapped: \(Self.reason)")
        }
        unsafe bytes = UnsafeRawBufferPointer(start: address, count: size)
    }

    /// Why the last call of the system failed.
    private static var reason: String { unsafe String(cString: strerror(errno)) }

    deinit { _ = unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count) }
}

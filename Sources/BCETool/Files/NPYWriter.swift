import Foundation

/// Writes an .npy file, format 1, piece by piece into a temporary file beside its place, and moves it there when it is
/// whole: what was there before stays until then, and stays for good if anything fails.
@safe
final class NPYWriter {
    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var isFinished = false

    init<T: NPYElement>(_ path: String, of _: T.Type, shape: [Int]) throws {
        // A link stays a link: what it points to is replaced.
        let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        var mode = Self.modeOfNewFiles
        var status = stat()
        if unsafe stat(place, &status) == 0 {
            // A rename would put a file where a device or a pipe was.
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw ToolError("\(path): cannot be written: not a regular file")
            }
            mode = status.st_mode & 0o777
        }
        let folder = URL(fileURLWithPath: place).deletingLastPathComponent().path
        var template = Array((folder + "/.bce-XXXXXX").utf8CString)
        let descriptor = unsafe template.withUnsafeMutableBufferPointer { unsafe mkstemp($0.baseAddress!) }
        guard descriptor >= 0 else { throw Self.failure(path) }
        self.path = place
        self.descriptor = descriptor
        temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard fchmod(descriptor, mode) == 0 else { throw Self.failure(path) }
        try write(Self.header(T.npyType, shape))
    }

    /// Without `finish` nothing is left behind.
    deinit {
        close(descriptor)
        if !isFinished { unsafe unlink(temporary) }
    }

    func append<T: NPYElement>(_ elements: [T]) throws {
        try unsafe elements.withUnsafeBytes { try unsafe write($0) }
    }

    /// Moves all files to their places, when each of them is whole.
    static func finish(_ writers: [NPYWriter]) throws {
        for writer in writers where fsync(writer.descriptor) != 0 { throw failure(writer.path) }
        for writer in writers {
            guard unsafe rename(writer.temporary, writer.path) == 0 else { throw failure(writer.path) }
            writer.isFinished = true
        }
    }

    /// The preamble and the description, so long that the elements begin at a multiple of 64 bytes.
    private static func header(_ type: String, _ shape: [Int]) -> [UInt8] {
        let tuple = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(tuple)), }"
        text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
        let length = text.utf8.count
        return [0x93] + "NUMPY".utf8 + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + text.utf8
    }

    private func write(_ bytes: [UInt8]) throws {
        try unsafe bytes.withUnsafeBytes { try unsafe write($0) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = unsafe bytes[...]
        while unsafe !rest.isEmpty {
            let buffer = unsafe UnsafeRawBufferPointer(rebasing: rest)
            let written = unsafe Foundation.write(descriptor, buffer.baseAddress!, buffer.count)
            guard written >= 0 || errno == EINTR else { throw Self.failure(path) }
            unsafe rest = rest.dropFirst(max(0, written))
        }
    }

    private static func failure(_ path: String) -> ToolError {
        ToolError("\(path): cannot be written: \(unsafe String(cString: strerror(errno)))")
    }

    /// What `open` gives a new file; `mkstemp` gives it to the owner alone. The mask can be read only by setting it.
    private static var modeOfNewFiles: mode_t {
        let mask = umask(0)
        umask(mask)
        return 0o666 & ~mask
    }
}

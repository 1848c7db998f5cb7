// SPDX-License-Identifier: Apache-2.0

extension Program {
    /// Replaces this process with a program in the same folder, as git does with its commands, passing the same
    /// arguments byte for byte.
    ///
    /// - Parameter command: the argument that selected the program and is not passed on.
    /// - Returns: why it could not be started.
    static func become(_ name: String, dropping command: String) throws -> ToolError {
        let this = try executable
        let folder = this.bytes[...(this.bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0)]
        let path = FilePath(Array(folder) + name.utf8)
        var arguments = unsafe CommandLine.unsafeArguments
        if let index = unsafe arguments.firstIndex(where: { unsafe strcmp($0, command) == 0 }) {
            unsafe arguments.remove(at: index)
        }
        let error = unsafe execute(path, arguments)
        return ToolError(
            error == SystemError(ENOENT)
                ? "\(path): no such program, which bce \(command) is; swift build --product \(name) makes it"
                : "\(path): cannot be started: \(error.reason)")
    }

    /// Restarts this program with a different environment, for libraries that read it before `main`.
    ///
    /// - Returns: why it could not be restarted.
    package static func restart(with settings: [(variable: String, value: String)]) throws -> any Error {
        for (variable, value) in settings { unsafe setenv(variable, value, 1) }
        let this = try executable
        let error = unsafe execute(this, CommandLine.unsafeArguments)
        return ToolError("\(this): cannot be started again: \(error.reason)")
    }

    /// - Returns: why it could not be executed.
    private static func execute(_ path: FilePath, _ arguments: [UnsafeMutablePointer<CChar>]) -> SystemError {
        unsafe path.withCString { path in
            BrokenPipe.restored {
                _ = unsafe execv(path, [UnsafeMutablePointer(mutating: path)] + arguments + [nil])
                return SystemError.last
            }
        }
    }

    private static var executable: FilePath {
        get throws {
            #if os(Linux)
                let link = FilePath("/proc/self/exe".utf8)
                do throws(SystemError) {
                    return try Folder(FilePath([UInt8(ascii: "/")])).target(ofLink: link)
                } catch {
                    throw ToolError("\(link): \(error.reason)")
                }
            #else
                var path = [CChar](repeating: 0, count: Int(PATH_MAX))
                var size = UInt32(path.count)
                guard unsafe _NSGetExecutablePath(&path, &size) == 0 else {
                    throw ToolError("the path of this program is longer than \(PATH_MAX) bytes")
                }
                return FilePath(path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
            #endif
        }
    }
}

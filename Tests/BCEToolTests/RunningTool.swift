// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// The tool while it runs, with the default handling of signals, and blocked because it prints into a full pipe. It
/// does everything that comes before printing and nothing that comes after, however fast or slow the machine is.
final class RunningTool {
    enum Exit: Equatable {
        case status(Int32)
        case signal(Int32)
    }

    private let tool: Tool
    private let process: pid_t
    private var reader: Int32?
    private let errorPath: String
    private var result: Exit?

    /// - Parameter ignored: a signal that is ignored when the tool starts.
    init(_ tool: Tool, _ arguments: [String], ignored: Int32? = nil) throws {
        self.tool = tool
        errorPath = tool.folder.path + ".error"
        let (reader, writer) = try Self.fullPipe()
        self.reader = reader
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, writer, 1)
        posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        if let ignored { sigdelset(&all, ignored) }
        let handler = ignored.map { signal($0, SIG_IGN) }
        defer { if let ignored { signal(ignored, handler!) } }
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        // The shell changes to the folder, and the tool replaces it.
        let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", tool.folder.path, Tool.executable.path]
        var words = (shell + arguments).map { strdup($0) } + [nil]
        var identifier = pid_t()
        let code = posix_spawn(&identifier, "/bin/sh", &actions, &attributes, &words, environ)
        words.forEach { free($0) }
        close(writer)
        process = identifier
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EINVAL) }
    }

    deinit {
        if result == nil {
            kill(process, SIGKILL)
            _ = wait()
        }
        breakPipe()
        unlink(errorPath)
    }

    /// What the tool wrote to standard error.
    var error: String { (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? "" }

    func send(_ signal: Int32) { kill(process, signal) }

    /// Closes the reading end of the pipe.
    func breakPipe() {
        if let reader { close(reader) }
        reader = nil
    }

    /// Reads what is printed, so that the tool continues.
    func unblock() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while let reader, read(reader, &buffer, buffer.count) > 0 {}
    }

    func wait(file: StaticString = #filePath, line: UInt = #line) -> Exit {
        if let result { return result }
        var status: Int32 = 0
        let deadline = Date(timeIntervalSinceNow: 60)
        while waitpid(process, &status, WNOHANG) != process {
            if Date() > deadline {
                XCTFail("the tool has not ended after a minute", file: file, line: line)
                kill(process, SIGKILL)
            }
            usleep(1_000)
        }
        let exit: Exit = status & 0x7F == 0 ? .status(status >> 8 & 0xFF) : .signal(status & 0x7F)
        result = exit
        return exit
    }

    /// Waits until the shell that starts the tool has been replaced by it.
    func waitForStart() throws {
        let link = "/proc/\(process)/exe"
        try XCTSkipUnless(FileManager.default.fileExists(atPath: link), "no /proc")
        try waitUntil("the tool has not started") {
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link)
            return target?.hasSuffix("/" + Tool.executable.lastPathComponent) ?? true
        }
    }

    /// Waits until a folder contains that many temporary files, each of at least `bytes` bytes.
    func waitForTemporaryFiles(_ count: Int, bytes: Int = 0, in folder: String = ".") throws -> [String] {
        var names: [String] = []
        try waitUntil("no \(count) temporary files") {
            let path = tool.path(folder)
            names = try FileManager.default.contentsOfDirectory(atPath: path).filter { name in
                guard name.hasPrefix(".bce-") else { return false }
                let size = try? FileManager.default.attributesOfItem(atPath: path + "/" + name)[.size]
                return (size as? Int ?? -1) >= bytes
            }
            return names.count >= count
        }
        return names
    }

    private func waitUntil(_ failure: String, _ condition: () throws -> Bool) throws {
        let deadline = Date(timeIntervalSinceNow: 60)
        while try !condition() {
            guard Date() < deadline else {
                XCTFail("\(failure) after a minute: \(error)")
                throw POSIXError(.ETIMEDOUT)
            }
            usleep(1_000)
        }
    }

    private static func fullPipe() throws -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let page = [UInt8](repeating: 0, count: 4096)
        while write(ends[1], page, page.count) > 0 {}
        while write(ends[1], page, 1) > 0 {}
        _ = fcntl(ends[1], F_SETFL, 0)
        return (ends[0], ends[1])
    }
}

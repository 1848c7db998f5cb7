// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
    import Foundation
    import XCTest

    /// The tool while it reads. Tests use what the kernel reports about it, and signals that stop it, so that they do
    /// not depend on its speed.
    final class ObservedTool {
        private let process = Process()
        private let (output, error) = (Pipe(), Pipe())

        /// - Parameter blocked: whether standard output is a pipe that accepts no more data. The tool then does
        ///   everything that comes before printing, and does not end.
        init(_ tool: Tool, _ arguments: [String], blocked: Bool = false) throws {
            if blocked {
                let writer = output.fileHandleForWriting.fileDescriptor
                _ = fcntl(writer, F_SETFL, O_NONBLOCK)
                while write(writer, "x", 1) == 1 {}
                _ = fcntl(writer, F_SETFL, 0)
            }
            process.executableURL = Tool.executable
            process.environment = Tool.environment
            process.arguments = arguments
            process.currentDirectoryURL = tool.folder
            (process.standardOutput, process.standardError) = (output, error)
            try process.run()
        }

        deinit {
            if process.isRunning {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
        }

        var bytesRead: Int { number("io", "rchar:") }

        /// The largest amount of memory that it has used, in kilobytes.
        var peakMemory: Int { number("status", "VmHWM:") }

        /// Returns when the tool has read that many bytes, or has ended.
        func wait(forBytesRead bytes: Int) {
            while process.isRunning, bytesRead < bytes { usleep(200) }
        }

        func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

        /// Waits for the tool to end.
        func result() -> Tool.Result {
            let output = output.fileHandleForReading.readDataToEndOfFile()
            let error = error.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            XCTAssertEqual(process.terminationReason, .exit, "the tool crashed")
            return Tool.Result(
                status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
                error: String(decoding: error, as: UTF8.self))
        }

        private func number(_ file: String, _ key: String) -> Int {
            let path = "/proc/\(process.processIdentifier)/\(file)"
            let lines = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n") ?? []
            let words = lines.first { $0.hasPrefix(key) }?.split(whereSeparator: \.isWhitespace)
            return words.flatMap { Int($0[1]) } ?? 0
        }
    }
#endif

#if os(Linux)
    import Foundation
    import XCTest

    /// Files that are written to while the tool reads them. It is stopped when it has read a little of a large one, so
    /// that what happens next does not depend on how fast it is.
    final class ChangingInputTests: XCTestCase {
        private static let count = 1 << 28

        private func toolWithZeros() throws -> Tool {
            let tool = try Tool()
            try tool.writeZeros("z.npy", "<f4", size: 4, [Self.count])
            return tool
        }

        func test_loss_fileThatShrinks_isNamed() throws {
            let tool = try toolWithZeros()
            for arguments in [["--threads", "1"], []] {
                let run = try StoppedTool(
                    tool, ["loss", "z.npy", "z.npy"] + arguments, afterReading: 1 << 20)
                XCTAssertLessThan(run.bytesRead, 4 * Self.count)
                XCTAssertEqual(truncate(tool.path("z.npy"), off_t(4 * Self.count)), 0)
                let result = run.finish()
                XCTAssertEqual(result.status, 1)
                XCTAssertEqual(result.output, "")
                XCTAssertEqual(result.error, "Error: z.npy: became shorter while it was read\n")
                XCTAssertEqual(truncate(tool.path("z.npy"), off_t(128 + 4 * Self.count)), 0)
            }
        }

        func test_loss_fileThatChanges_isNamed() throws {
            let tool = try toolWithZeros()
            let run = try StoppedTool(tool, ["loss", "z.npy", "z.npy"], afterReading: 1 << 20)
            XCTAssertLessThan(run.bytesRead, 4 * Self.count)
            // The first element, which has been read and checked.
            let file = try FileHandle(forUpdating: tool.folder.appendingPathComponent("z.npy"))
            try file.seek(toOffset: 128)
            try file.write(contentsOf: [0.25 as Float].withUnsafeBytes { Data($0) })
            try file.close()
            let result = run.finish()
            XCTAssertEqual(result.status, 1)
            XCTAssertEqual(result.output, "")
            XCTAssertEqual(result.error, "Error: z.npy: was changed while it was read\n")
        }
    }

    /// The tool, stopped by a signal when it had read a number of bytes.
    private final class StoppedTool {
        let bytesRead: Int
        private let process = Process()
        private let (output, error) = (Pipe(), Pipe())

        init(_ tool: Tool, _ arguments: [String], afterReading bytes: Int) throws {
            process.executableURL = Tool.executable
            process.arguments = arguments
            process.currentDirectoryURL = tool.folder
            (process.standardOutput, process.standardError) = (output, error)
            try process.run()
            while process.isRunning, Self.bytesRead(process.processIdentifier) < bytes { usleep(200) }
            kill(process.processIdentifier, SIGSTOP)
            bytesRead = Self.bytesRead(process.processIdentifier)
        }

        /// Lets it go on to its end.
        func finish() -> Tool.Result {
            kill(process.processIdentifier, SIGCONT)
            let output = output.fileHandleForReading.readDataToEndOfFile()
            let error = error.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            XCTAssertEqual(process.terminationReason, .exit, "the tool crashed")
            return Tool.Result(
                status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
                error: String(decoding: error, as: UTF8.self))
        }

        private static func bytesRead(_ process: pid_t) -> Int {
            let text = (try? String(contentsOfFile: "/proc/\(process)/io", encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("rchar: ") }
            return line.flatMap { Int($0.dropFirst(7)) } ?? 0
        }
    }
#endif

// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
    import Foundation
    import XCTest

    /// Files that are written to while the tool reads them. The tool is stopped when it has read a small part of a
    /// large file.
    final class ChangingInputTests: XCTestCase {
        private static let count = 1 << 27

        private func toolWithZeros() throws -> Tool {
            let tool = try Tool()
            try tool.writeZeros("z.npy", "<f4", size: 4, [Self.count])
            return tool
        }

        /// The tool, stopped before it has read the last eighth of its input, which is the same file twice.
        private func stoppedTool(_ tool: Tool, _ options: [String] = []) throws -> ObservedTool {
            // If this test gets no processor time for a tenth of a second, the tool has advanced too far, and the test
            // starts again.
            while true {
                let run = try ObservedTool(tool, ["loss", "z.npy", "z.npy"] + options)
                run.wait(forBytesRead: 16 << 20)
                run.send(SIGSTOP)
                if (16 << 20..<7 * Self.count).contains(run.bytesRead) { return run }
            }
        }

        func test_loss_fileThatShrinks_isNamed() throws {
            let tool = try toolWithZeros()
            for options in [["--threads", "1"], []] {
                let run = try stoppedTool(tool, options)
                XCTAssertEqual(truncate(tool.path("z.npy"), off_t(4 * Self.count)), 0)
                run.send(SIGCONT)
                let result = run.result()
                XCTAssertEqual(result.status, 1)
                XCTAssertEqual(result.output, "")
                XCTAssertEqual(result.error, "Error: z.npy: became shorter while it was read\n")
                XCTAssertEqual(truncate(tool.path("z.npy"), off_t(128 + 4 * Self.count)), 0)
            }
        }

        func test_loss_fileThatChanges_isNamed() throws {
            let tool = try toolWithZeros()
            let run = try stoppedTool(tool)
            // Changes the first element, which has already been read and checked.
            let file = try FileHandle(forUpdating: tool.folder.appendingPathComponent("z.npy"))
            try file.seek(toOffset: 128)
            try file.write(contentsOf: [0.25 as Float].withUnsafeBytes { Data($0) })
            try file.close()
            run.send(SIGCONT)
            let result = run.result()
            XCTAssertEqual(result.status, 1)
            XCTAssertEqual(result.output, "")
            XCTAssertEqual(result.error, "Error: z.npy: was changed while it was read\n")
        }
    }
#endif

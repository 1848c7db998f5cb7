// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// Of several outputs, either all are replaced or none is.
final class ReplacementTests: XCTestCase {
    private static let outputs = ["e.npy", "g.npy", "h.npy"]
    private static let loss = [
        "loss", "x.npy", "t.npy", "--logits", "--elements-to", "e.npy", "--gradient-to", "g.npy",
        "--hessian-to", "h.npy",
    ]

    private func tool() throws -> Tool {
        let tool = try Tool()
        try Matrix.write(to: tool)
        return tool
    }

    /// A file that cannot be moved is detected only after everything else is done. The other destinations then have
    /// their old files again, and those that had no file are empty.
    func test_replacement_oneCannotBeMoved_othersAreTakenBack() throws {
        for blocked in Self.outputs {
            for existing in [[], ["e.npy"], ["g.npy", "h.npy"], Self.outputs] {
                let tool = try tool()
                for name in existing where name != blocked { try tool.write(name, "precious \(name)") }
                var before = try tool.contents()
                let running = try RunningTool(tool, Self.loss)
                _ = try running.waitForTemporaryFiles(3, bytes: 128 + 48)
                try FileManager.default.createDirectory(
                    atPath: tool.path(blocked), withIntermediateDirectories: false)
                before[blocked] = Data()
                running.unblock()
                XCTAssertEqual(running.wait(), .status(1))
                XCTAssertEqual(running.error, "Error: \(blocked): cannot be written: File exists\n")
                XCTAssertEqual(try tool.contents(), before, "\(blocked), \(existing)")
            }
        }
    }

    func test_replacement_temporaryFileIsGone_noneIsReplaced() throws {
        let tool = try tool()
        for name in Self.outputs { try tool.write(name, "precious \(name)") }
        let before = try tool.contents()
        for index in 0..<3 {
            let running = try RunningTool(tool, Self.loss)
            let temporary = try running.waitForTemporaryFiles(3, bytes: 128 + 48)
            try FileManager.default.removeItem(atPath: tool.path(temporary[index]))
            running.unblock()
            XCTAssertEqual(running.wait(), .status(1))
            XCTAssert(running.error.contains("cannot be written: No such file or directory"), running.error)
            XCTAssertEqual(try tool.contents(), before)
        }
    }

    func test_replacement_folderIsGone_isAnError() throws {
        let tool = try tool()
        let folder = tool.path("folder")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try tool.write("e.npy", "precious")
        let running = try RunningTool(
            tool,
            ["loss", "x.npy", "t.npy", "--logits", "--elements-to", "e.npy", "--gradient-to", "folder/g.npy"])
        _ = try running.waitForTemporaryFiles(1, bytes: 128 + 48)
        _ = try running.waitForTemporaryFiles(1, in: "folder")
        try FileManager.default.removeItem(atPath: folder)
        running.unblock()
        XCTAssertEqual(running.wait(), .status(1))
        XCTAssert(running.error.contains("folder/g.npy: cannot be written"), running.error)
        XCTAssertEqual(try tool.read("e.npy"), Data("precious".utf8))
        XCTAssertEqual(Set(try tool.contents().keys), Set(["e.npy"] + Matrix.files))
    }

    func test_replacement_all_leavesNothingElse() throws {
        let tool = try tool()
        try tool.write("e.npy", "old")
        try tool.write("h.npy", "old")
        XCTAssertEqual(chmod(tool.path("e.npy"), 0o640), 0)
        XCTAssertEqual(try tool.run(Self.loss).status, 0)
        for name in Self.outputs { XCTAssertEqual(try tool.read(name).count, 128 + 48, name) }
        XCTAssertEqual(Set(try tool.contents().keys), Set(Self.outputs + Matrix.files))
        var status = stat()
        XCTAssertEqual(stat(tool.path("e.npy"), &status), 0)
        XCTAssertEqual(status.st_mode & 0o777, 0o640)
    }

    func test_newFile_hasTheModeOfTheMask() throws {
        let tool = try tool()
        for (mask, mode) in [("022", 0o644), ("077", 0o600)] as [(String, mode_t)] {
            let result = try tool.shell(
                "umask \(mask); rm -f e.npy; \"$BCE\" loss p.npy t.npy --elements-to e.npy")
            XCTAssertEqual(result.status, 0, result.error)
            var status = stat()
            XCTAssertEqual(stat(tool.path("e.npy"), &status), 0)
            XCTAssertEqual(status.st_mode & 0o777, mode)
        }
    }

    func test_fullDisk_isAnErrorAndLeavesTheFolderAsItWas() throws {
        let tool = try Tool()
        let count = 1 << 16
        try tool.write("x.npy", NPY.file("<f8", [Double](repeating: 0, count: count)))
        try tool.write("t.npy", NPY.file("|u1", [UInt8](repeating: 1, count: count)))
        // Mounts a separate disk, which disappears with the shell.
        let result = try tool.shell(
            """
            mkdir disk
            unshare --mount sh -c '
                mount -t tmpfs -o size=600k none disk || exit 99
                echo precious >disk/e.npy
                "$0" loss x.npy t.npy --logits --elements-to disk/e.npy --gradient-to disk/g.npy
                echo "status $?"
                ls -A disk
                cat disk/e.npy
            ' "$BCE" || exit 99
            """)
        try XCTSkipIf(result.status == 99, "no disk can be made: \(result.error)")
        XCTAssertEqual(result.output, "status 1\ne.npy\nprecious\n")
        XCTAssertEqual(result.error, "Error: disk/g.npy: cannot be written: No space left on device\n")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// Files that are larger than the memory that the tool may use.
final class MemoryTests: XCTestCase {
    #if os(Linux)
        func test_loss_largeFiles_areNotHeldInMemory() throws {
            let tool = try Tool()
            let count = 1 << 25
            for (shape, options, passes) in [
                ([count], [], 1), ([count], ["--report"], 2), ([4, count / 4], ["--by-row"], 2),
                ([count / 4096, 4096], ["--by-column"], 2),
                ([count], ["--elements-to", "e.npy", "--gradient-to", "g.npy"], 3),
            ] {
                try tool.writeZeros("z.npy", "<f4", size: 4, shape)
                // The process stays alive until it can print.
                let run = try ObservedTool(tool, ["loss", "z.npy", "z.npy"] + options, blocked: true)
                run.wait(forBytesRead: passes * 2 * 4 * count)
                XCTAssertGreaterThan(run.peakMemory, 0, "\(options): it ended, or cannot be observed")
                XCTAssertLessThan(run.peakMemory, 100_000, "\(options)")
            }
        }

        func test_loss_largeCSV_isNotHeldInMemory() throws {
            let tool = try Tool()
            let rows = 1 << 22
            try tool.write("z.csv", "p,t\n")
            let file = try FileHandle(forWritingTo: tool.folder.appendingPathComponent("z.csv"))
            try file.seekToEnd()
            let part = Data(String(repeating: "0.25,0\n0.75,1\n", count: 1 << 12).utf8)
            for _ in 0..<rows >> 13 { try file.write(contentsOf: part) }
            try file.close()
            let size = try XCTUnwrap(
                FileManager.default.attributesOfItem(atPath: tool.path("z.csv"))[.size] as? Int)
            for arguments in [
                ["z.csv", "--prediction", "p", "--target", "t"],
                ["z.csv:p", "z.csv:t", "--elements-to", "e.npy", "--gradient-to", "g.npy"],
            ] {
                let run = try ObservedTool(tool, ["loss"] + arguments, blocked: true)
                run.wait(forBytesRead: size)
                XCTAssertGreaterThan(run.peakMemory, 0, "\(arguments): it ended, or cannot be observed")
                // Its columns alone take 64 MiB.
                XCTAssertLessThan(run.peakMemory, 50_000, "\(arguments)")
            }
        }
    #endif

    func test_pairwise_targetsWithoutMemory_areNamed() throws {
        let tool = try Tool()
        try tool.writeZeros("p.npy", "<f4", size: 4, [1, 1 << 28])
        try tool.writeZeros("t.npy", "<f8", size: 8, [2, 1 << 28])
        let result = try tool.shell(
            "ulimit -v 3000000; exec \"$BCE\" pairwise p.npy t.npy --out m.npy")
        XCTAssertEqual(result.status, 1)
        XCTAssertEqual(result.output, "")
        XCTAssertEqual(result.error, "Error: t.npy: not enough memory for 4294967296 bytes\n")
    }
}

extension Tool {
    /// Writes a sparse file of zeros, which occupies no blocks on the disk. As probabilities and targets they have zero
    /// loss: each prediction is certain and correct.
    func writeZeros(_ name: String, _ type: String, size: Int, _ shape: [Int]) throws {
        let tuple = shape.map { "\($0)," }.joined()
        let header = NPY.header("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(tuple)), }")
        try write(name, header)
        XCTAssertEqual(truncate(path(name), off_t(header.count + size * shape.reduce(1, *))), 0)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// `bce pairwise` is a separate program next to `bce`, and the only one that is linked with OpenBLAS.
final class PairwiseProgramTests: XCTestCase {
    func test_bce_isNotLinkedWithOpenBLAS() throws {
        let tool = try Tool()
        let result = try tool.shell("ldd \"$BCE\" && ldd \"${BCE}-pairwise\" >&2")
        try XCTSkipIf(result.status != 0, "no ldd")
        XCTAssertFalse(result.output.contains("blas"), result.output)
        XCTAssert(result.error.contains("blas"), result.error)
    }

    func test_help_isThatOfBce() throws {
        let tool = try Tool()
        let help = try tool.run("pairwise", "--help")
        XCTAssertEqual(help.status, 0)
        for words in ["USAGE: bce pairwise <predictions> <targets>", "--out <FILE.npy>", "m x n losses"] {
            XCTAssert(help.output.contains(words), help.output)
        }
        XCTAssertEqual(try tool.run("help", "pairwise").output, help.output)
        XCTAssert(try tool.run("--help").output.contains("  pairwise "))
    }

    func test_usageErrors_haveTheStatusOfUsage() throws {
        let tool = try Tool()
        for arguments in [["x.npy", "t.npy"], ["x.npy", "t.npy", "--out", "m.npy", "--preset", "best"]] {
            let result = try tool.run(["pairwise"] + arguments)
            XCTAssertEqual(result.status, 64, result.error)
            XCTAssert(result.error.contains("Usage: bce pairwise"), result.error)
        }
    }

    func test_missingProgram_saysHowToMakeIt() throws {
        let tool = try Tool()
        try Matrix.write(to: tool)
        let result = try tool.shell(
            "mkdir bin; cp \"$BCE\" bin/; PATH=/none; bin/bce pairwise p.npy t.npy --out m.npy")
        XCTAssertEqual(result.status, 1)
        XCTAssert(
            result.error.hasSuffix(
                "/bin/bce-pairwise: no such program, which bce pairwise is; "
                    + "swift build --product bce-pairwise makes it\n"), result.error)
        XCTAssertEqual(try tool.shell("bin/bce loss p.npy t.npy").status, 0)
    }

    func test_programIsFound_throughALinkAndAPath() throws {
        let tool = try Tool()
        try Matrix.write(to: tool)
        let result = try tool.shell(
            """
            ln -s "$BCE" b; ./b pairwise p.npy t.npy --out m1.npy || exit 1
            PATH=$(dirname "$BCE"):$PATH; bce pairwise p.npy t.npy --out m2.npy || exit 1
            cmp m1.npy m2.npy
            """)
        XCTAssertEqual(result.status, 0, result.error)
    }

    /// The tool does not hang, as OpenBLAS does without memory, does not crash, and leaves no files behind. How much
    /// memory is enough differs from machine to machine; the limits range from one at which not even loading succeeds
    /// to one that suffices.
    func test_limitedMemory_worksOrSaysWhatIsWrong() throws {
        let tool = try Tool()
        let (rows, columns) = (1 << 10, 1 << 8)
        let shape = "(\(rows), \(columns))"
        try tool.write("x.npy", NPY.file("<f8", [Double](repeating: 0, count: rows * columns), shape: shape))
        try tool.write("t.npy", NPY.file("|u1", [UInt8](repeating: 1, count: rows * columns), shape: shape))
        let before = try tool.contents()
        var answers: Set<Int32> = []
        for mebibytes in [40, 80, 100, 120, 130, 140, 160, 200, 250, 300, 350, 400, 500, 600, 1_000] {
            for arguments in [
                "loss x.npy t.npy --logits --gradient-to g.npy", "pairwise x.npy t.npy --logits --out m.npy",
            ] {
                let result = try tool.shell(
                    "ulimit -v \(mebibytes << 10); SWIFT_BACKTRACE=enable=no timeout 60 \"$BCE\" \(arguments)"
                )
                // Status 127 comes from the loader, which prints a message of its own.
                XCTAssert([0, 1, 127].contains(result.status), "\(mebibytes) MiB, \(arguments): \(result)")
                XCTAssertEqual(result.error.isEmpty, result.status == 0, "\(mebibytes) MiB: \(result)")
                answers.insert(result.status)
                _ = try tool.shell("rm -f g.npy m.npy")
                XCTAssertEqual(try tool.contents(), before)
            }
        }
        XCTAssert(answers.isSuperset(of: [0, 1]), "\(answers)")
    }
}

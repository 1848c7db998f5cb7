// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// What `bce pairwise` does if OpenBLAS has chosen kernels for an older CPU than this one.
final class OpenBLASCoreTests: XCTestCase {
    private func tool() throws -> Tool {
        #if os(Linux) && arch(x86_64)
            let cpu = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
            try XCTSkipUnless(cpu.contains(" avx2 "), "OpenBLAS cannot be below this CPU")
        #else
            throw XCTSkip("only x86-64 has cores that are too old")
        #endif
        let tool = try Tool()
        try Matrix.write(to: tool)
        return tool
    }

    private func assertLosses(_ tool: Tool, file: StaticString = #filePath, line: UInt = #line) throws {
        let rows = Matrix.rows
        let losses = try tool.elements(of: "m.npy", Double.self, count: rows * rows)
        for row in 0..<rows {
            // The loss of a row against the row with the same index is on the diagonal.
            let parts = row * Matrix.columns..<(row + 1) * Matrix.columns
            XCTAssertEqual(
                losses[row * rows + row], Array(Matrix.losses[parts]).mean, accuracy: 1e-14, file: file,
                line: line)
        }
    }

    func test_pairwise_coreTypeOfTheUser_isKeptAndNoted() throws {
        let tool = try tool()
        let result = try tool.shell(
            "OPENBLAS_CORETYPE=Prescott \"$BCE\" pairwise p.npy t.npy --out m.npy")
        XCTAssertEqual(result.status, 0)
        XCTAssert(
            result.error.hasPrefix(
                "Note: OpenBLAS uses its kernels for Prescott, which are slower than this CPU allows; "
                    + "set OPENBLAS_CORETYPE="), result.error)
        XCTAssertEqual(result.error.filter { $0 == "\n" }.count, 1, result.error)
        try assertLosses(tool)
    }

    func test_pairwise_fallback_isCuredByASecondStart() throws {
        let tool = try tool()
        try preload(tool, coreName: #"chosen ? chosen : "Prescott""#)
        let result = try tool.shell(
            """
            unset OPENBLAS_CORETYPE
            LD_PRELOAD=./core.so timeout 60 "$BCE" pairwise p.npy t.npy --out m.npy
            """)
        XCTAssertEqual(result.status, 0)
        XCTAssertEqual(result.error, "")
        let starts = String(decoding: try tool.read("starts"), as: UTF8.self).split(separator: "\n")
        XCTAssertEqual(starts.count, 2, "\(starts)")
        XCTAssertEqual(starts.first, "-")
        XCTAssert(["Haswell", "SkylakeX"].contains(starts.last), "\(starts)")
        try assertLosses(tool)
    }

    func test_pairwise_fallbackThatStays_isNotedAfterOneMoreStart() throws {
        let tool = try tool()
        try preload(tool, coreName: #""Prescott""#)
        let result = try tool.shell(
            """
            unset OPENBLAS_CORETYPE
            LD_PRELOAD=./core.so timeout 60 "$BCE" pairwise p.npy t.npy --out m.npy
            """)
        XCTAssertEqual(result.status, 0)
        XCTAssert(result.error.hasSuffix(" has not changed that; install a newer version\n"), result.error)
        let starts = String(decoding: try tool.read("starts"), as: UTF8.self).split(separator: "\n")
        XCTAssertEqual(starts.count, 2, "\(starts)")
        try assertLosses(tool)
    }

    /// This happens, for example, if a new version is installed in the meantime.
    func test_pairwise_programThatIsGone_goesOnAndNotesIt() throws {
        let tool = try tool()
        try preload(tool, coreName: #"(remove("bin/bce-pairwise"), "Prescott")"#)
        let result = try tool.shell(
            """
            unset OPENBLAS_CORETYPE
            mkdir bin && cp "$BCE" "${BCE}-pairwise" bin || exit 2
            LD_PRELOAD=./core.so timeout 60 bin/bce pairwise p.npy t.npy --out m.npy
            """)
        XCTAssertEqual(result.status, 0)
        XCTAssert(result.error.hasPrefix("Note: "), result.error)
        XCTAssert(result.error.hasSuffix(" in the environment\n"), result.error)
        try assertLosses(tool)
    }

    /// Builds core.so, whose `openblas_get_corename` takes precedence over OpenBLAS's, and which writes a line at each
    /// start.
    private func preload(_ tool: Tool, coreName: String) throws {
        try XCTSkipIf(
            ProcessInfo.processInfo.environment["CROSS_ENTROPY_SANITIZE"] != nil,
            "the runtime of a sanitizer must come first")
        try tool.write(
            "core.c",
            """
            #include <stdio.h>
            #include <stdlib.h>
            const char *openblas_get_corename(void) {
                const char *chosen = getenv("OPENBLAS_CORETYPE");
                FILE *file = fopen("starts", "a");
                fprintf(file, "%s\\n", chosen ? chosen : "-");
                fclose(file);
                return \(coreName);
            }
            """)
        let result = try tool.shell("clang -shared -fPIC -o core.so core.c")
        try XCTSkipIf(result.status != 0, "no C compiler: \(result.error)")
    }
}

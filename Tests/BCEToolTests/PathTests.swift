// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// A path consists of the bytes that the user gave, interpreted only by the kernel.
final class PathTests: XCTestCase {
    private func tool() throws -> Tool {
        let tool = try Tool()
        try Matrix.write(to: tool)
        return tool
    }

    /// Runs a script that must print "right" at the end.
    private func assertRight(_ tool: Tool, _ script: String, line: UInt = #line) throws {
        let result = try tool.shell("set -e\n" + script + "\necho right")
        XCTAssert(result.output.hasSuffix("right\n"), result.output + result.error, line: line)
    }

    func test_paths_anyBytes_areTakenAsTheyAre() throws {
        let tool = try tool()
        // Not UTF-8, a newline, decomposed and composed characters, a private use scalar, and what looks like an escape
        // sequence.
        for name in [
            #"\377\376"#, #"a\nb"#, #"e\314\201"#, #"\303\251"#, #"\314\201"#, #"\364\217\270\200"#,
            #"\033[31m"#,
            #" "#, #"\\xFF"#, #"-"#, #"~"#, #"$HOME"#, #"\t\r"#, #"\001\177"#,
        ] {
            try assertRight(
                tool,
                """
                name=$(printf -- '\(name)x').npy
                mkdir one; cp p.npy one/; cd one; cp p.npy "./$name"
                "$BCE" loss "./$name" ../t.npy --elements-to "out$name" --gradient-to="grad$name"
                test "$(ls -A | wc -l)" -ge 4
                test -s "out$name" -a -s "grad$name"
                "$BCE" loss p.npy ../t.npy --elements-to e.npy
                cmp e.npy "out$name"
                "$BCE" pairwise "./$name" ../t.npy --out "./pairs$name"
                test -s "pairs$name"
                cd ..; rm -r one
                """)
        }
    }

    func test_tilde_isAName() throws {
        let tool = try tool()
        try assertRight(
            tool,
            """
            mkdir '~'; cp p.npy '~/p.npy'
            "$BCE" loss '~/p.npy' t.npy --elements-to '~/e.npy'
            test -s '~/e.npy'
            HOME=$PWD/none "$BCE" loss '~/p.npy' t.npy --elements-to '~'x
            test -s '~x'
            """)
    }

    func test_parentOfALink_isThatOfItsTarget() throws {
        let tool = try tool()
        try assertRight(
            tool,
            """
            mkdir -p far/away here; ln -s ../far/away here/link
            "$BCE" loss p.npy t.npy --elements-to here/link/../e.npy
            test -s far/e.npy -a ! -e here/e.npy
            """)
    }

    func test_links_areFollowedAndStay() throws {
        let tool = try tool()
        try assertRight(
            tool,
            """
            mkdir a b; echo old >b/old.npy
            ln -s ../b/old.npy a/one; ln -s a/one two; ln -s "$PWD/two" three; ln -s b/new.npy dangling
            "$BCE" loss p.npy t.npy --elements-to three --gradient-to dangling
            test -L three -a -L two -a -L a/one -a -L dangling -a ! -L b/old.npy
            test "$(wc -c <b/old.npy)" = 176 -a "$(wc -c <b/new.npy)" = 176
            """)
    }

    func test_longNames_haveRoomForATemporaryFile() throws {
        let tool = try tool()
        try assertRight(
            tool,
            """
            name=$(printf '%0255d' 1)
            "$BCE" loss p.npy t.npy --elements-to "$name"
            test -s "$name"
            folder=$(printf '%0200d' 1)
            deep=$(for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do printf "$folder/"; done)
            mkdir -p "$deep"
            "$BCE" loss p.npy t.npy --elements-to "${deep}$(printf '%060d' 1)"
            test -s "${deep}$(printf '%060d' 1)"
            """)
    }

    func test_unlistedFolder_canBeWritten() throws {
        try XCTSkipIf(getuid() == 0, "everything is allowed")
        let tool = try tool()
        try assertRight(
            tool,
            """
            mkdir d; chmod 300 d
            "$BCE" loss p.npy t.npy --elements-to d/e.npy || { chmod 700 d; exit 1; }
            chmod 700 d; test -s d/e.npy
            """)
    }
}

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Uses the committed package as a versioned git dependency of a scratch package, with no flags: the README's example
# is its program, and one of CrossEntropyBLAS stands beside it. Proves that it builds, links, prints what the README
# says, runs at the best level of this machine, that swift-argument-parser, which only the tools need, is not built for
# it, and that CrossEntropy alone needs no OpenBLAS.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/snapshot.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/app/Sources/"{app,pairs}
version_of_head "$work/swift-cross-entropy"

dependent_manifest "$work/app" "$work/swift-cross-entropy" app=CrossEntropy pairs=CrossEntropyBLAS
cat >"$work/app/Sources/pairs/pairs.swift" <<'PROGRAM'
import CrossEntropyBLAS

@main
struct Pairs {
    static func main() throws {
        let logits: [Float] = [2, -1, 0.5, 3]
        let targets: [Bool] = [true, false, false, true]
        var losses = [Float](repeating: 0, count: 4)
        let left = try MatrixView(logits.span, rows: 2, columns: 2)
        let right = try MatrixView(targets.span, rows: 2, columns: 2)
        var output = try MutableMatrixView(losses.mutableSpan, rows: 2, columns: 2)
        try BinaryCrossEntropy.exact.writePairwiseLosses(logits: left, targets: right, into: &output)
        for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let x = [logits[2 * row], logits[2 * row + 1]], t = [targets[2 * column], targets[2 * column + 1]]
            let expected = try BinaryCrossEntropy.exact.loss(logits: x, targets: t)
            precondition(abs(Double(losses[2 * row + column]) - expected) < 1e-6)
        }
    }
}
PROGRAM
awk '/^```swift example/ { on = 1; next } /^```/ { on = 0 } on' README.md >"$work/app/Sources/app/main.swift"
awk '/^```text example-output/ { on = 1; next } /^```/ { on = 0 } on' README.md >"$work/expected"
[ -s "$work/app/Sources/app/main.swift" ] && [ -s "$work/expected" ]

for configuration in debug release; do
    echo "dependent: building in $configuration"
    swift build -c $configuration --package-path "$work/app" 2>&1 | tail -3
    "$work/app/.build/$configuration/app" | tee "$work/actual"
    diff "$work/expected" "$work/actual"
    for level in $(Scripts/instruction-sets.sh); do
        CROSS_ENTROPY_ISA=$level "$work/app/.build/$configuration/app" >"$work/actual"
        diff "$work/expected" "$work/actual"
    done
    "$work/app/.build/$configuration/pairs"
    if ldd "$work/app/.build/$configuration/app" 2>/dev/null | grep openblas; then
        echo "dependent: a program of CrossEntropy alone needs OpenBLAS" >&2
        exit 1
    fi
    # An uncaught error ends a Swift program by a trap, which the shell would report.
    if { CROSS_ENTROPY_ISA=none "$work/app/.build/$configuration/app"; } >/dev/null 2>&1; then
        echo "dependent: an unknown level was not refused" >&2
        exit 1
    fi
    Scripts/check-disassembly.sh "$work/app/.build/$configuration"
done
if [ -d "$work/app/.build/debug/ArgumentParser.build" ]; then
    echo "dependent: swift-argument-parser was built for it" >&2
    exit 1
fi
if ls "$work/app/.build/checkouts" | grep -q argument-parser; then
    echo "dependent: swift-argument-parser was resolved for it" >&2
    exit 1
fi
echo "dependent: swift-argument-parser neither resolved nor built"

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compiles every block of Swift in the README and in the articles, in a package that depends on the committed one and has a
# target of its own named CBLAS. A block that begins with an import is a program, compiled at top level and run; others are
# compiled inside a function that has the arrays they speak of. Warnings are errors in these programs.
#
# Then the size and the needs of a small program: at most 3 MB, and no Foundation.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/snapshot.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version_of_head "$work/swift-cross-entropy"
app=$work/app
mkdir -p "$app/Sources/CBLAS" "$app/Sources/hello"
cat >"$app/Sources/CBLAS/module.modulemap" <<'MODULE'
module CBLAS [system] { header "shim.h" link "openblas" export * }
MODULE
echo '#include <cblas.h>' >"$app/Sources/CBLAS/shim.h"
cat >"$app/Sources/hello/main.swift" <<'PROGRAM'
import CrossEntropy

print(try BinaryCrossEntropy.exact.loss(probabilities: [0.1, 0.95, 0.2, 0.6], targets: [0, 1, 0, 0]))
PROGRAM

# Writes each block to a file of its own: NAME-LINE.swift.
blocks=$work/blocks
mkdir "$blocks"
for file in README.md Sources/CrossEntropy/CrossEntropy.docc/*.md; do
    awk -v prefix="$blocks/$(basename "$file" .md)_" '
        /^```swift manifest/ { next }
        /^```swift/ { out = prefix NR ".swift"; next }
        /^```/ { out = "" }
        out { print > out }' "$file"
done

programs=()
{
    echo "import CBLAS"
    echo "import CrossEntropyBLAS"
    echo
    echo "print(cblas_sdot(1, [2], 1, [3], 1))"
} >"$work/snippets.swift"
for block in "$blocks"/*.swift; do
    name=$(basename "$block" .swift)
    if grep -q '^import' "$block" && ! grep -qE '\b(x|t|f)\.span' "$block"; then
        mkdir -p "$app/Sources/$name"
        cp "$block" "$app/Sources/$name/main.swift"
        programs+=("$name")
    else
        {
            echo
            echo "func $name("
            echo "    x: [Float], t: [Float], f: [Float], y: [Bool], w: [Double], c: inout [Float],"
            echo "    classWeights: [Float], known: [Bool], rows: Int, columns: Int, parameters: [Double]"
            echo ") throws {"
            grep -v '^import' "$block" | sed 's/^/    /'
            for value in loss value; do
                if grep -q "let $value = " "$block"; then echo "    print($value)"; fi
            done
            echo "}"
        } >>"$work/snippets.swift"
    fi
done
mkdir -p "$app/Sources/snippets"
cp "$work/snippets.swift" "$app/Sources/snippets/main.swift"

dependent_manifest "$app" "$work/swift-cross-entropy" CBLAS=openblas snippets=CrossEntropyBLAS+CBLAS hello=CrossEntropy \
    "${programs[@]/%/=CrossEntropy}"

for configuration in debug release; do
    echo "documentation: building ${#programs[@]} programs and the other blocks in $configuration"
    swift build -c $configuration --package-path "$app" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    if grep -E "warning: " "$work/log" | grep -v "^warning: '.*': "; then
        echo "documentation: the build warns" >&2
        exit 1
    fi
    for name in hello snippets "${programs[@]}"; do
        "$app/.build/$configuration/$name" >"$work/output" || { echo "documentation: $name fails" >&2; exit 1; }
    done
done

echo "documentation: building with library evolution, and by swiftbuild in debug and release"
for arguments in "-Xswiftc -enable-library-evolution --target CrossEntropyBLAS --package-path ." \
    "--build-system swiftbuild --package-path $app" "--build-system swiftbuild -c release --package-path $app"; do
    # shellcheck disable=SC2086
    swift build $arguments --scratch-path "$work/other" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    rm -rf "$work/other"
done

hello=$app/.build/release/hello
if ldd "$hello" | grep Foundation; then
    echo "documentation: a program of CrossEntropy needs Foundation" >&2
    exit 1
fi
strip -o "$work/hello" "$hello"
size=$(stat -c %s "$work/hello")
echo "documentation: every block compiles and every program runs; hello has $size bytes"
[ "$size" -le 3000000 ]

#!/usr/bin/env bash
# Uses the committed package as a versioned git dependency of a scratch package, with no flags: the README's example
# is its program. Proves that it builds, links, prints what the README says, runs at the best level of this machine,
# and that swift-argument-parser, which only the tools need, is not built for it.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/swift-cross-entropy" "$work/app/Sources/app"
git archive HEAD | tar -x -C "$work/swift-cross-entropy"
git -C "$work/swift-cross-entropy" init -q
git -C "$work/swift-cross-entropy" add -A
git -C "$work/swift-cross-entropy" -c user.name=check -c user.email=check@localhost commit -qm "snapshot"
git -C "$work/swift-cross-entropy" tag 1.0.0

cat >"$work/app/Package.swift" <<MANIFEST
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "app",
    platforms: [.macOS(.v26)],
    dependencies: [.package(url: "file://$work/swift-cross-entropy", from: "1.0.0")],
    targets: [
        .executableTarget(
            name: "app", dependencies: [.product(name: "CrossEntropy", package: "swift-cross-entropy")])
    ])
MANIFEST
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

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds everything from nothing in release, fails on a warning of this package, and runs the tests.
# (-warnings-as-errors cannot be passed: SwiftPM suppresses the warnings of dependencies, and the compiler refuses the
# two together.)
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
rm -rf .build-strict
options=(-c release --scratch-path .build-strict -Xswiftc -enable-testing)
swift build --build-tests "${options[@]}" 2>&1 | tee "$log"
if grep -E 'warning:' "$log"; then
    echo "build: warnings, see above" >&2
    exit 1
fi
swift test --skip-build --parallel --disable-swift-testing "${options[@]}"
Scripts/check-disassembly.sh .build-strict/release

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures what a program that depends on CrossEntropy waits for and gets: wall and user seconds of a clean release build of
# the committed package, and the bytes of text of its object files, module by module. Not in `check`: timings have no place
# in a test. The machine should be idle.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/snapshot.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version_of_head "$work/swift-cross-entropy"
mkdir -p "$work/app/Sources/app"
dependent_manifest "$work/app" "$work/swift-cross-entropy" app=CrossEntropy
cat >"$work/app/Sources/app/main.swift" <<'PROGRAM'
import CrossEntropy

print(try BinaryCrossEntropy.exact.loss(probabilities: [0.1, 0.95] as [Float], targets: [0, 1] as [Float]))
PROGRAM

swift package --package-path "$work/app" resolve >/dev/null 2>&1
TIMEFORMAT='wall %R s, user %U s'
time swift build -c release --package-path "$work/app" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }

total=0
for folder in "$work"/app/.build/release/*.build; do
    module=$(basename "$folder" .build)
    [ "$module" = app ] && continue
    objects=("$folder"/*.o)
    [ -e "${objects[0]}" ] || continue
    bytes=$(size "${objects[@]}" | awk 'NR > 1 { sum += $1 } END { print sum }')
    printf '%-14s %9d bytes of text\n' "$module" "$bytes"
    total=$((total + bytes))
done
printf '%-14s %9d\n' total "$total"

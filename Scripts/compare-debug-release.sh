#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compares the library's kernels in a debug build with those in a release build: both run `bce-bench` alternately three
# times, and the best time of each counts. Prints a table; fails where debug takes more than LIMIT (1.3) times as long.
#
#   Scripts/compare-debug-release.sh [FILTER]     FILTER: a regular expression for names of rows
#   SCRATCH_PATH  where to build (.build)         SIZE: elements (65536)
set -euo pipefail
cd "$(dirname "$0")/.."

filter="${1:-/vector/}"
size="${SIZE:-65536}"
limit="${LIMIT:-1.3}"
scratch="${SCRATCH_PATH:-.build}"
results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT

for configuration in release debug; do
    swift build -c "$configuration" --scratch-path "$scratch" --product bce-bench >&2
done

for round in 1 2 3; do
    for configuration in release debug; do
        echo "round $round of 3, $configuration" >&2
        "$scratch/$configuration/bce-bench" --allow-debug --seconds 0.3 --sizes "$size" --filter "$filter" \
            --json "$results/$round-$configuration.json" >"$results/log" || { cat "$results/log" >&2; exit 1; }
    done
done

# The JSON has a key on each line, sorted: the best time and the implementation of a row come before its name.
awk -v limit="$limit" -v filter="$filter" '
    function value() { sub(/^[^:]*: /, ""); gsub(/[",]/, ""); return $0 }
    FNR == 1 { configuration = FILENAME ~ /debug/ ? "debug" : "release" }
    /"bestNsPerElement"/ { time = value() + 0 }
    /"implementation"/ { implementation = value() }
    /"name"/ {
        name = value()
        # Yardsticks are rows of every table but no kernels: the debug build compiles them without optimisation.
        if (implementation == "naive" || implementation == "limit") next
        if (!(name in seen)) { seen[name] = 1; names[++count] = name }
        if (!((name, configuration) in best) || time < best[name, configuration]) best[name, configuration] = time
    }
    END {
        printf "%-62s %10s %10s %8s\n", "ns per element, best of 3 runs", "release", "debug", "ratio"
        for (i = 1; i <= count; i++) {
            name = names[i]
            ratio = best[name, "debug"] / best[name, "release"]
            slow = ratio > limit
            failed += slow
            printf "%-62s %10.4f %10.4f %8.2f%s\n", name, best[name, "release"], best[name, "debug"], ratio, \
                slow ? "  more than " limit : ""
        }
        if (count == 0) { print "no row matches " filter > "/dev/stderr"; exit 1 }
        exit failed > 0
    }' "$results"/*.json

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fuzzes the library and the readers of the tool for a time each, from a fixed seed, and fails on any finding: a fault, a
# hang, a leak, or a difference beyond the documented bounds.
#
#   SECONDS_EACH  how long each of the three runs (60)
#   CASES         random calls of the library at most (as many as there is time for)
#   SEED          what random numbers are made from (1)
#   SCRATCH_PATH  where all is built (.build-fuzz)
#   CORPUS        a folder whose inputs are kept and extended over runs; without it, seeds are made anew
#
# differential-fuzz   random calls of the library at every level, beside a reference in 80 bits, between guard pages
# fuzz-accumulator    libFuzzer: reading and merging of accumulators, evaluations and groups
# fuzz-file-readers   libFuzzer: .npy and .csv files
#
# What libFuzzer finds is written to .build-fuzz/findings; give such a file to the program as its argument to replay it.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${SECONDS_EACH:-60}
seed=${SEED:-1}
findings=.build-fuzz/findings
# Swift's own report of a crash reads memory that the Address Sanitizer forbids it.
export SWIFT_BACKTRACE=enable=no
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

scratch=${SCRATCH_PATH:-.build-fuzz}
options=(-c release --scratch-path "$scratch" -Xswiftc -enable-testing)
swift build "${options[@]}" --product differential-fuzz
"$scratch/release/differential-fuzz" --seed "$seed" --seconds "$time" --cases "${CASES:-1000000000}"

for harness in fuzz-accumulator fuzz-file-readers; do
    CROSS_ENTROPY_FUZZ=1 swift build "${options[@]}" --product "$harness"
done
mkdir -p "$findings"
for harness in fuzz-accumulator fuzz-file-readers; do
    program=$scratch/release/$harness
    corpus=${CORPUS:-$work}/$harness
    mkdir -p "$corpus" "$work/seeds/$harness" "$work/files"
    "$program" --seeds "$work/seeds/$harness"
    # The harness of file readers keeps its file in TMPDIR.
    if ! TMPDIR="$work/files" "$program" -seed="$seed" -max_total_time="$time" -timeout=5 -rss_limit_mb=4096 \
        -max_len=4096 -print_final_stats=1 -artifact_prefix="$findings/$harness-" \
        "$corpus" "$work/seeds/$harness" >"$work/$harness.log" 2>&1; then
        cat "$work/$harness.log"
        echo "fuzz: $harness found something, see above and $findings" >&2
        exit 1
    fi
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$harness.log")
    echo "$harness: ${executions:?no count of executions} executions of seed $seed"
done

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job on real data: the loss of a classifier's predictions, beside scikit-learn's figure for the same files,
# and how much faster than a plain loop this machine computes ten million losses.
set -euo pipefail
cd "$(dirname "$0")/.."
data=Examples/BreastCancer

echo "Building (the first time takes two minutes) ..."
swift build -c release --product bce 2>&1 | tail -1
swift build -c release --product bce-bench 2>&1 | tail -1
bin=$(swift build -c release --show-bin-path)

field() { sed -nE "s/.*\"$1\" ?: ?\"?([-+.eE0-9A-Za-z]+).*/\1/p" | head -1; }
from_probabilities=$("$bin/bce" loss $data/probabilities.npy $data/targets.npy --json | tr ',' '\n' | field loss)
from_logits=$("$bin/bce" loss $data/logits.npy $data/targets.npy --logits --json | tr ',' '\n' | field loss)
from_scikit=$(field log_loss <$data/scikit-learn.json)

echo
echo "Breast cancer (Wisconsin), 569 out-of-fold predictions of a logistic regression, mean loss in nats:"
echo "    bce loss probabilities.npy targets.npy          $from_probabilities"
echo "    bce loss logits.npy targets.npy --logits        $from_logits"
echo "    scikit-learn's log_loss of the same files       $from_scikit"
awk -v a="$from_probabilities" -v b="$from_logits" -v c="$from_scikit" 'BEGIN {
    printf "    largest difference                              %.1e of the loss\n",
        (abs(a - b) > abs(a - c) ? abs(a - b) : abs(a - c)) / a
}
function abs(x) { return x < 0 ? -x : x }'

echo
echo "Ten million Float predictions on this machine, one thread:"
report=$(mktemp)
trap 'rm -f "$report"' EXIT
"$bin/bce-bench" --sizes 10000000 --filter '^loss\.(logits|probabilities)/(naive|vector)/Float' --json "$report" >/dev/null
python3 - "$report" <<'PYTHON' 2>/dev/null || "$bin/bce-bench" --sizes 10000000 \
    --filter '^loss\.(logits|probabilities)/(naive|vector)/Float'
import json, sys
report = json.load(open(sys.argv[1]))
for row in report["rows"]:
    if row["implementation"] == "vector":
        milliseconds = row["nsPerElement"] * row["n"] / 1e6
        print(f"    {row['operation']:<20} {milliseconds:6.2f} ms, {row['ratioToNaive']:.0f} times as fast as the naive loop")
if advice := report["machine"].get("blasAdvice"):
    print(f"\nNote, for products of matrices: {advice}.")
PYTHON

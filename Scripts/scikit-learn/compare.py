# SPDX-License-Identifier: Apache-2.0
"""Compares bce evaluate with scikit-learn: python compare.py BCE, the path of the built tool."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from samples import SEED, samples
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

BINS = 10
# Sums of 20,000 Doubles in another order, each rounded: 20,000 x 2^-53, relative to numbers up to about 1.
TOLERANCE = 20_000 * 2.0**-53


def evaluate(bce, sample, folder):
    """What the tool prints about a sample."""
    path = folder / "sample.csv"
    sample.write(path)
    options = ["--logits"] if sample.are_logits else []
    if sample.weights is not None:
        options += ["--weight", "w"]
    command = [bce, "evaluate", str(path), "--prediction", "p", "--target", "t", *options, "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def expectations(sample):
    """scikit-learn's numbers, by the names of the tool's."""
    p, t, w = sample.probabilities, sample.targets, sample.weights
    weights = np.ones(len(p)) if w is None else w
    base_rate = np.average(t, weights=weights)
    loss = log_loss(t, p, sample_weight=w)
    return {
        "count": len(p),
        "weightSum": weights.sum(),
        "logLoss": loss,
        "normalizedEntropy": loss / log_loss(t, np.full(len(t), base_rate), sample_weight=w),
        "brierScore": brier_score_loss(t, p, sample_weight=w),
        "baseRate": base_rate,
        "meanPrediction": np.average(p, weights=weights),
        "calibrationRatio": np.average(p, weights=weights) / base_rate,
    }


def differences(sample, answer):
    """The measures that differ by more than the tolerance, as lines of text."""
    for name, expected in expectations(sample).items():
        if not abs(answer[name] - expected) <= TOLERANCE * max(1, abs(expected)):
            yield f"{name} is {answer[name]!r}, expected {expected!r}"
    # Ranked by the logits, where these are given: two of them may have the same probability.
    area = roc_auc_score(sample.targets, sample.predictions, sample_weight=sample.weights)
    error = abs(answer["areaUnderROC"] - area)
    if not error <= answer["areaUnderROCError"] + TOLERANCE:
        yield f"areaUnderROC is {answer['areaUnderROC']!r}, expected {area!r}"
    yield from reliability_differences(sample, answer["reliability"])


def reliability_differences(sample, bins):
    # calibration_curve has no weights, and returns the means of the bins that are not empty.
    if sample.weights is not None:
        return
    targets, predictions = calibration_curve(sample.targets, sample.probabilities, n_bins=BINS)
    if len(bins) != len(targets):
        yield f"{len(bins)} bins, expected {len(targets)}"
        return
    for entry, target, prediction in zip(bins, targets, predictions):
        if not abs(entry["meanTarget"] - target) <= TOLERANCE:
            yield f"the mean target above {entry['lower']} is {entry['meanTarget']!r}, expected {target!r}"
        if not abs(entry["meanPrediction"] - prediction) <= TOLERANCE:
            yield f"the mean prediction above {entry['lower']} is {entry['meanPrediction']!r}, expected {prediction!r}"


def main():
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for sample in samples():
            found = list(differences(sample, evaluate(sys.argv[1], sample, Path(folder))))
            print(f"{sample.name}: {'differs' if found else 'agrees'}")
            for line in found:
                print(f"    {line}")
            failed = failed or bool(found)
    if failed:
        sys.exit(f"bce evaluate and scikit-learn differ (seed {SEED})")
    print("bce evaluate agrees with scikit-learn")


if __name__ == "__main__":
    main()

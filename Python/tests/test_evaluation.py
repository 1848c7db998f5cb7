# SPDX-License-Identifier: Apache-2.0
"""Measures of calibration and discrimination."""

from __future__ import annotations

import copy
import dataclasses
import math
import pickle
from typing import Any, Dict

import numpy as np
import pytest

import cross_entropy as ce
from oracle import Definition

generator = np.random.default_rng(130)
COUNT = 5000
PROBABILITIES = generator.random(COUNT)
BATCH: Dict[str, Any] = {
    "probabilities": PROBABILITIES,
    "targets": (generator.random(COUNT) < PROBABILITIES**1.5).astype(np.uint8),
    "weights": generator.random(COUNT),
}


def test_measures_equal_their_formulas() -> None:
    p, t, w = BATCH["probabilities"], BATCH["targets"], BATCH["weights"]
    losses = Definition({"probabilities": p, "targets": t}).losses.astype(float)
    measures = ce.evaluate(**BATCH).measures()
    base = np.average(t, weights=w)
    loss = np.average(losses, weights=w)
    assert measures.count == COUNT and measures.weight_sum == pytest.approx(w.sum())
    assert measures.log_loss == pytest.approx(loss, rel=1e-9)
    assert measures.base_rate == pytest.approx(base, rel=1e-9)
    assert measures.mean_prediction == pytest.approx(np.average(p, weights=w), rel=1e-9)
    assert measures.calibration_ratio == pytest.approx(np.average(p, weights=w) / base, rel=1e-9)
    entropy = -base * math.log(base) - (1 - base) * math.log1p(-base)
    assert measures.normalized_entropy == pytest.approx(loss / entropy, rel=1e-9)
    assert measures.brier_score == pytest.approx(np.average((p - t) ** 2, weights=w), rel=1e-9)


def test_calibration_error_equals_its_formula() -> None:
    p, t, w = BATCH["probabilities"], BATCH["targets"], BATCH["weights"]
    bins = np.minimum((p * 5).astype(int), 4)
    error = sum(abs(np.sum((w * (p - t))[bins == index])) for index in range(5)) / w.sum()
    evaluation = ce.evaluate(**BATCH, bin_count=5)
    assert evaluation.expected_calibration_error == pytest.approx(error, rel=1e-9)
    reliability = evaluation.reliability()
    assert reliability["lower"].tolist() == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])
    assert reliability["count"].tolist() == np.bincount(bins).tolist()
    expected = [np.average(t[bins == index], weights=w[bins == index]) for index in range(5)]
    assert reliability["mean_target"].tolist() == pytest.approx(expected, rel=1e-9)
    assert (reliability["mean_target_lower"] < expected).all() and (reliability["mean_target_upper"] > expected).all()


def test_area_under_roc_is_within_its_error() -> None:
    p, t, w = BATCH["probabilities"], BATCH["targets"], BATCH["weights"]
    order = np.argsort(p)
    negatives = np.cumsum(np.where(t[order] == 0, w[order], 0))
    area = np.sum(np.where(t[order] == 1, w[order] * negatives, 0)) / (w[t == 1].sum() * w[t == 0].sum())
    evaluation = ce.evaluate(**BATCH)
    assert abs(evaluation.area_under_roc - area) <= evaluation.area_under_roc_error + 1e-12
    assert evaluation.area_under_roc_error < 0.01


def test_bins_of_log_odds_have_width_one() -> None:
    bins = ce.evaluate(**BATCH).reliability(by_log_odds=True)
    assert (bins["upper"] - bins["lower"])[1:-1].tolist() == [1] * (len(bins) - 2)
    assert bins["count"].sum() == COUNT


def test_attributes_are_the_measures() -> None:
    evaluation = ce.evaluate(**BATCH)
    for name, value in dataclasses.asdict(evaluation.measures()).items():
        assert getattr(evaluation, name) == value
    assert "weighted mean" in (ce.Evaluation.log_loss.__doc__ or "")


def test_evaluation_of_parts_has_same_bits_in_any_order() -> None:
    halves = [{name: array[part] for name, array in BATCH.items()} for part in (slice(1234), slice(1234, None))]
    forwards, backwards = ce.Evaluation(), ce.Evaluation()
    for first, second in zip(halves, halves[::-1]):
        forwards.add(**first)
        backwards.add(**second)
    merged = ce.evaluate(**halves[0])
    merged.merge(ce.evaluate(**halves[1]))
    assert forwards.measures() == backwards.measures() == merged.measures()


def test_empty_evaluation_has_no_measures() -> None:
    evaluation = ce.Evaluation()
    assert evaluation.count == 0 and math.isnan(evaluation.log_loss) and len(evaluation.reliability()) == 0


def test_evaluation_refuses_other_bins() -> None:
    with pytest.raises(ce.CrossEntropyError):
        ce.Evaluation(5).merge(ce.Evaluation(6))
    for count in (0, 1001):
        with pytest.raises(ce.CrossEntropyError, match=f"is {count}, expected a number from 1 to"):
            ce.Evaluation(count)


def test_pickled_evaluation_is_exact() -> None:
    evaluation = ce.evaluate(**BATCH, bin_count=17)
    for copied in (pickle.loads(pickle.dumps(evaluation)), copy.deepcopy(evaluation)):
        assert copied.measures() == evaluation.measures()
        np.testing.assert_array_equal(copied.reliability(), evaluation.reliability())
        copied.merge(evaluation)
        assert copied.count == 2 * COUNT

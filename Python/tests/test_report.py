# SPDX-License-Identifier: Apache-2.0
"""The loss with its standard error and counts."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict

import numpy as np
import pytest

import cross_entropy as ce
from oracle import Definition

generator = np.random.default_rng(100)
BATCH: Dict[str, Any] = {"logits": generator.normal(0, 2, 300), "targets": generator.random(300)}


def test_report_of_a_mean_equals_definition() -> None:
    report = ce.report(**BATCH)
    losses = Definition(BATCH).losses.astype(float)
    assert report.loss == pytest.approx(losses.mean(), rel=1e-13)
    assert report.standard_error == pytest.approx(losses.std(ddof=1) / np.sqrt(300), rel=1e-10)
    assert (report.count, report.ignored_count, report.clipped_count, report.saturated_count) == (300, 0, 0, 0)
    assert report.weight_sum == 300


def test_report_counts_what_does_not_count() -> None:
    weights, mask = generator.random(300), generator.random(300) < 0.7
    targets = np.where(np.arange(300) < 20, -1, BATCH["targets"])
    report = ce.report(
        logits=BATCH["logits"],
        targets=targets,
        weights=weights,
        mask=mask,
        options=ce.Options(missing_targets=-1, reduction="weighted-mean"),
    )
    counts = mask & (targets != -1)
    assert report.count == counts.sum() and report.ignored_count == 300 - counts.sum()
    assert report.weight_sum == pytest.approx(weights[counts].sum(), rel=1e-13)
    losses = Definition(BATCH).losses.astype(float)
    assert report.loss == pytest.approx(np.average(losses[counts], weights=weights[counts]), rel=1e-13)


def test_report_counts_clipped_and_saturated_predictions() -> None:
    p = np.array([0, 1, 0.5, 1e-9, 0.2])
    report = ce.report(probabilities=p, targets=np.array([1, 1, 1, 1, 0]), options=ce.Options.keras)
    assert (report.clipped_count, report.saturated_count) == (3, 2)
    assert ce.report(logits=np.array([0, 800, -800.0]), targets=np.array([0, 1, 0])).saturated_count == 2


def test_report_is_a_value() -> None:
    report = ce.report(**BATCH)
    assert report == ce.report(**BATCH) == dataclasses.replace(report)
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.loss = 0.0  # type: ignore[misc]


def test_report_of_one_element_has_no_standard_error() -> None:
    assert np.isnan(ce.report(logits=[0.0], targets=[1]).standard_error)

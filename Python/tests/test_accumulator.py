# SPDX-License-Identifier: Apache-2.0
"""Accumulators: sums over batches that do not depend on the order of the batches."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any, Dict, List

import numpy as np
import pytest

import cross_entropy as ce
from oracle import Definition

generator = np.random.default_rng(110)
BATCH: Dict[str, Any] = {
    "logits": generator.normal(0, 3, 1000).astype(np.float32),
    "targets": generator.random(1000) < 0.3,
    "weights": generator.random(1000),
}


def parts() -> List[Dict[str, Any]]:
    borders = [0, 1, 300, 300, 742, 1000]
    return [{name: array[a:b] for name, array in BATCH.items()} for a, b in zip(borders, borders[1:])]


def filled(batches: List[Dict[str, Any]], **more: Any) -> ce.Accumulator:
    accumulator = ce.Accumulator(**more)
    for batch in batches:
        accumulator.add(**batch)
    return accumulator


def test_totals_of_batches_equal_definition() -> None:
    accumulator, expected = filled(parts()), Definition(BATCH)
    assert accumulator.count == 1000
    assert accumulator.sum == pytest.approx(float(expected.losses.sum()), rel=1e-7)
    assert accumulator.weight_sum == pytest.approx(BATCH["weights"].sum(), rel=1e-14)
    assert accumulator.mean == accumulator.sum / 1000
    assert accumulator.weighted_mean == accumulator.sum / accumulator.weight_sum
    assert accumulator.totals() == ce.Totals(
        accumulator.count, accumulator.sum, accumulator.weight_sum, accumulator.mean, accumulator.weighted_mean
    )


def test_totals_have_same_bits_in_any_order() -> None:
    batches = parts()
    forwards, backwards = filled(batches), filled(batches[::-1])
    merged = filled(batches[2:])
    merged.merge(filled(batches[:2]))
    assert forwards.totals() == backwards.totals() == merged.totals()


def test_empty_accumulator_has_no_mean() -> None:
    totals = ce.Accumulator().totals()
    assert (totals.count, totals.sum, totals.weight_sum) == (0, 0, 0)
    assert math.isnan(totals.mean) and math.isnan(totals.weighted_mean)


def test_operators_add_accumulators() -> None:
    batches = parts()
    left, right = filled(batches[:3]), filled(batches[3:])
    both = left + right
    assert both.totals() == filled(batches).totals()
    assert left.totals() == filled(batches[:3]).totals()
    same = left
    left += right
    assert left is same and left.totals() == both.totals()
    with pytest.raises(TypeError):
        left + 1  # type: ignore[operator]
    with pytest.raises(TypeError, match="other is GroupedLosses, expected Accumulator"):
        left.merge(ce.GroupedLosses(1))  # type: ignore[arg-type]


def test_accumulator_merged_with_itself_doubles() -> None:
    accumulator = filled(parts())
    once = accumulator.sum
    accumulator.merge(accumulator)
    assert (accumulator.count, accumulator.sum) == (2000, 2 * once)


def test_report_equals_that_of_one_batch() -> None:
    report = filled(parts(), keeps_report=True).report("weighted-mean")
    expected = ce.report(**BATCH, options=ce.Options(reduction="weighted-mean"))
    assert report.loss == pytest.approx(expected.loss, rel=1e-7)
    assert report.standard_error == pytest.approx(expected.standard_error, rel=1e-6)
    assert report.count == expected.count
    assert report.weight_sum == pytest.approx(expected.weight_sum, rel=1e-14)


def test_report_that_is_not_kept_is_refused() -> None:
    with pytest.raises(ce.CrossEntropyError, match="keeps no report"):
        filled(parts()).report()
    with pytest.raises(ce.CrossEntropyError, match="reduction is 'median', expected one of 'mean', 'sum'"):
        filled(parts(), keeps_report=True).report("median")


def test_report_is_lost_with_elements_without_one() -> None:
    accumulator = filled(parts(), keeps_report=True)
    before = accumulator.report()
    accumulator.merge(ce.Accumulator())
    assert accumulator.report() == before
    accumulator.merge(filled(parts()[:1]))
    assert accumulator.count == 1001
    with pytest.raises(ce.CrossEntropyError, match="keeps no report"):
        accumulator.report()


def test_failed_add_changes_nothing() -> None:
    accumulator = filled(parts())
    before = accumulator.totals()
    with pytest.raises(ce.CrossEntropyError, match=r"targets\[1\] is 3"):
        accumulator.add(logits=[0.0, 0.0], targets=[1, 3])
    assert accumulator.totals() == before


@pytest.mark.parametrize("keeps_report", [False, True])
def test_pickles_and_copies_are_exact_and_independent(keeps_report: bool) -> None:
    original = filled(parts()[:4], keeps_report=keeps_report)
    copies = [pickle.loads(pickle.dumps(original)), copy.copy(original), copy.deepcopy(original)]
    copies.append(ce.Accumulator.from_bytes(original.to_bytes() + bytes(5)))
    for copied in copies:
        assert copied.totals() == original.totals()
        copied.add(**parts()[4])
        assert copied.totals() == filled(parts()).totals()
        if keeps_report:
            assert copied.report() == filled(parts(), keeps_report=True).report()
    assert original.totals() == filled(parts()[:4]).totals()


@pytest.mark.parametrize("state", [b"", b"x", b"\xff" * 200, bytes(2048)])
def test_bytes_of_nothing_are_refused(state: bytes) -> None:
    with pytest.raises(ce.CrossEntropyError):
        ce.Accumulator.from_bytes(state)
    with pytest.raises(TypeError, match="state is str, expected bytes"):
        ce.Accumulator.from_bytes("x")  # type: ignore[arg-type]

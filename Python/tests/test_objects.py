# SPDX-License-Identifier: Apache-2.0
"""What accumulators, evaluations and groups show of themselves, and that it cannot be set."""

from __future__ import annotations

import inspect
import pydoc
from typing import Any

import numpy as np
import pytest

import cross_entropy as ce

SUMMARIES = {
    ce.Accumulator: ["count", "sum", "weight_sum", "mean", "weighted_mean"],
    ce.Evaluation: ["count", "log_loss", "area_under_roc", "brier_score"],
    ce.GroupedLosses: ["element_count"],
}
ATTRIBUTES = [(kind, name) for kind, names in SUMMARIES.items() for name in names]


def made(kind: Any) -> Any:
    """An object of three groups, or of ten bins, with two elements of loss ln 2."""
    if kind is ce.GroupedLosses:
        groups = ce.GroupedLosses(3)
        groups.add(logits=[0.0, 0.0], targets=[0, 1], groups=[2, 0])
        return groups
    added = kind()
    added.add(logits=[0.0, 0.0], targets=[0, 1])
    return added


def test_repr_shows_what_has_been_added() -> None:
    assert repr(made(ce.GroupedLosses)) == "<GroupedLosses: 3 groups, 2 elements>"
    accumulator = repr(made(ce.Accumulator))
    assert accumulator.startswith("<Accumulator: Totals(count=2, sum=1.386294") and "mean=0.693147" in accumulator
    evaluation = repr(made(ce.Evaluation))
    assert evaluation.startswith("<Evaluation: Measures(count=2, weight_sum=2.0, log_loss=0.693147")


def test_repr_without_elements_shows_none() -> None:
    assert repr(ce.Accumulator()) == (
        "<Accumulator: Totals(count=0, sum=0.0, weight_sum=0.0, mean=nan, weighted_mean=nan)>"
    )
    assert repr(ce.Evaluation()).startswith("<Evaluation: Measures(count=0, weight_sum=0.0, log_loss=nan")
    assert repr(ce.GroupedLosses(0)) == "<GroupedLosses: 0 groups, 0 elements>"


@pytest.mark.parametrize("kind, name", ATTRIBUTES)
def test_attribute_that_is_set_is_refused_and_unchanged(kind: Any, name: str) -> None:
    added = made(kind)
    before = getattr(added, name)
    assert not np.isnan(before)
    with pytest.raises(AttributeError, match=name):
        setattr(added, name, 5)
    assert getattr(added, name) == before


@pytest.mark.parametrize("kind, name", ATTRIBUTES)
def test_help_describes_attribute(kind: Any, name: str) -> None:
    description = inspect.getdoc(inspect.getattr_static(kind, name))
    assert description
    text = pydoc.plain(pydoc.render_doc(kind))
    assert description in text and "Summary object" not in text

# SPDX-License-Identifier: Apache-2.0
"""Losses of all pairs of rows, compared with the definition for each pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cross_entropy as ce
from floats import FLOATS
from oracle import Definition
from pairs import check, drawn, pairs

#: Rows of predictions, rows of targets, columns.
SHAPES = [(0, 3, 4), (3, 0, 4), (1, 1, 1), (1, 7, 13), (7, 1, 31), (5, 3, 1), (17, 19, 67), (3, 2, 5003), (601, 3, 11)]
LINEAR = [
    ce.Options(),
    ce.Options(reduction="sum", positive_weight=3),
    ce.Options(label_smoothing=0.2),
    ce.Options(reduction="weighted-mean", positive_weight=0.5, label_smoothing=0.1, threads=1),
]
FOCAL = [ce.Options(focal_gamma=2, focal_alpha=0.25), ce.Options(focal_alpha=0.3), ce.Options(focal_gamma=0.5)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("probabilities", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_pairwise_losses_of_each_shape_equal_definition(
    shape: Any, probabilities: bool, soft: bool, dtype: Any
) -> None:
    check(drawn(shape, dtype, probabilities, soft))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("probabilities", [False, True])
@pytest.mark.parametrize("options", LINEAR + FOCAL)
def test_pairwise_losses_with_options_equal_definition(
    options: ce.Options, probabilities: bool, soft: bool, dtype: Any
) -> None:
    check(drawn((9, 6, 40), dtype, probabilities, soft), options)


@pytest.mark.parametrize("target", [np.uint8, np.int64, *FLOATS])
@pytest.mark.parametrize("dtype", FLOATS)
def test_pairwise_losses_of_each_type_equal_definition(dtype: Any, target: Any) -> None:
    batch = drawn((5, 4, 30), dtype, soft=False)
    batch["targets"] = batch["targets"].astype(target)
    check(batch)
    check(batch, FOCAL[0])


@pytest.mark.parametrize(
    "clipping",
    [
        ce.Clipping.clipped(1e-3),
        ce.Clipping.clipped_twice(1e-3),
        ce.Clipping.machine_epsilon(),
        ce.Clipping.log_floor(-5),
    ],
)
def test_pairwise_losses_of_clipped_certainty_equal_definition(clipping: ce.Clipping) -> None:
    batch = drawn((8, 6, 20), np.float64, probabilities=True)
    batch["probabilities"][::2, ::3] = 0
    batch["probabilities"][1::2, ::4] = 1
    check(batch, ce.Options(clipping=clipping))


def test_pairwise_losses_of_certain_predictions_are_infinite_only_where_wrong() -> None:
    infinity = np.inf
    x = np.array([[infinity, 2], [-1, 1], [-infinity, -infinity], [np.nan, 0]], np.float32)
    t = np.array([[1, 1], [0, 1]])
    softplus = np.log1p(np.exp([-2.0, 1.0, -1.0]))
    expected = [
        [softplus[0], infinity],
        [softplus[1] + softplus[2], 2 * softplus[2]],
        [infinity, infinity],
        [np.nan, np.nan],
    ]
    summed = ce.Options(reduction="sum")
    np.testing.assert_allclose(ce.pairwise_losses(logits=x, targets=t, options=summed), expected, rtol=1e-6)
    p = 1 / (1 + np.exp(-x.astype(np.float64)))
    np.testing.assert_allclose(ce.pairwise_losses(probabilities=p, targets=t, options=summed), expected, rtol=1e-6)


def test_pairwise_losses_of_huge_logits_do_not_overflow() -> None:
    x, t = np.array([[3e38, -3e38, 3e38, 1]], np.float32), np.array([[1, 0, 1, 1]], np.uint8)
    result = ce.pairwise_losses(logits=x, targets=t, options=ce.Options(reduction="sum"))
    np.testing.assert_allclose(result, [[np.log1p(np.exp(-1))]], rtol=1e-6)


@pytest.mark.parametrize("missing", [np.nan, -1])
def test_pairwise_losses_with_missing_targets_average_the_others(missing: float) -> None:
    batch = drawn((4, 3, 10), np.float64)
    batch["targets"][1, ::3] = missing
    options = ce.Options(missing_targets=missing)
    expected = Definition(pairs(batch), options).reduced(-1).astype(float)
    np.testing.assert_allclose(ce.pairwise_losses(**batch, options=options), expected, rtol=1e-13)


@pytest.mark.parametrize("options", [ce.Options(), ce.Options(missing_targets=-1)])
def test_pairwise_losses_without_columns_are_those_of_nothing(options: ce.Options) -> None:
    nothing = {"logits": np.zeros((3, 0)), "targets": np.zeros((2, 0))}
    assert np.isnan(ce.pairwise_losses(**nothing, options=options)).all()
    summed = ce.Options(reduction="sum", missing_targets=options.missing_targets)
    assert ce.pairwise_losses(**nothing, options=summed).tolist() == [[0, 0]] * 3

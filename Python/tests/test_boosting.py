# SPDX-License-Identifier: Apache-2.0
"""Objectives of boosting: their derivatives, and the memory that they keep."""

from __future__ import annotations

import copy
import pickle
import threading
from typing import Any, List

import numpy as np
import pytest

import cross_entropy as ce
from cross_entropy.boosting import lightgbm_objective, xgboost_objective
from focal import focal_curvature, focal_slope
from oracle import Definition

SEED = 220
FACTORIES = [xgboost_objective, lightgbm_objective]


class DataSet:
    """The parts of a data set that an objective reads, in both libraries."""

    def __init__(self, labels: Any, weights: Any) -> None:
        self.labels, self.weights = labels, weights

    def get_label(self) -> Any:
        return self.labels

    def get_weight(self) -> Any:
        return self.weights


def drawn(count: int = 500) -> Any:
    generator = np.random.default_rng(SEED)
    margins = generator.normal(0, 3, count).astype(np.float32)
    labels = (generator.random(count) < 0.3).astype(np.float32)
    return margins, labels, generator.random(count).astype(np.float32)


@pytest.mark.parametrize("factory", FACTORIES)
@pytest.mark.parametrize("weighted", [False, True])
def test_objective_without_focal_factor_equals_definition(factory: Any, weighted: bool) -> None:
    x, t, w = drawn()
    objective = factory(label_smoothing=0.1, positive_weight=2.5, threads=1)
    more = {"weights": w} if weighted else {}
    expected = Definition({"logits": x, "targets": t, **more}, ce.Options(label_smoothing=0.1, positive_weight=2.5))
    gradient, hessian = objective(x, DataSet(t, w if weighted else np.empty(0, np.float32)))
    assert gradient.dtype == hessian.dtype == np.float32
    assert (np.abs(gradient - expected.slopes) <= 3e-7 * expected.slope_scale).all()
    np.testing.assert_allclose(hessian, expected.curvatures.astype(float), rtol=2e-6)


@pytest.mark.parametrize("factory", FACTORIES)
@pytest.mark.parametrize("gamma", [0.5, 2, 3])
def test_objective_with_focal_factor_equals_formula(factory: Any, gamma: float) -> None:
    x, t, w = drawn()
    alpha = np.where(t == 1, 0.25, 0.75) * w
    gradient, hessian = factory(focal_gamma=gamma, focal_alpha=0.25)(x, DataSet(t, w))
    np.testing.assert_allclose(gradient, (alpha * focal_slope(x, t, gamma)).astype(float), rtol=3e-6)
    expected = (alpha * focal_curvature(x, t, gamma)).astype(float)
    assert (expected < -1e-3).any()
    np.testing.assert_allclose(hessian, np.maximum(expected, 1e-16), rtol=1e-5, atol=1e-7)
    assert (hessian[expected < -1e-6] == np.float32(1e-16)).all()


@pytest.mark.parametrize("factory", FACTORIES)
def test_objective_of_estimators_equals_that_of_data_sets(factory: Any) -> None:
    x, t, w = drawn()
    objective = factory(focal_gamma=1)
    for weights, passed in [(None, ()), (w, (w,))]:
        expected = np.stack(objective(x, DataSet(t, weights)))
        np.testing.assert_array_equal(np.stack(objective(t, x, *passed)), expected)
    np.testing.assert_array_equal(np.stack(objective(t, x, sample_weight=w)), expected)


def test_objective_of_several_labels_weights_their_rows() -> None:
    x, t, w = (array[:480] for array in drawn())
    objective = xgboost_objective()
    expected = np.stack(objective(x, DataSet(t, np.repeat(w[:160], 3)))).reshape(2, 160, 3)
    for labels in (t.reshape(160, 3), t):
        np.testing.assert_array_equal(np.stack(objective(x.reshape(160, 3), DataSet(labels, w[:160]))), expected)


def test_objective_of_doubles_is_computed_in_the_type_that_the_library_takes() -> None:
    x, t, _ = drawn()
    margins = x.astype(np.float64)
    cases: Any = [(xgboost_objective, np.float64), (lightgbm_objective, np.float32)]
    for factory, dtype in cases:
        gradient, _ = factory()(margins, DataSet(t, None))
        assert gradient.dtype == dtype
        # The tolerance is the rounding error of the probability, which is larger than that of a small difference.
        np.testing.assert_allclose(gradient, 1 / (1 + np.exp(-margins)) - t, rtol=0, atol=float(np.finfo(dtype).eps))


def test_objective_keeps_memory_for_each_thread() -> None:
    x, t, _ = drawn()
    objective = lightgbm_objective()
    first, second = objective(x, DataSet(t, None)), objective(-x, DataSet(t, None))
    assert first[0] is second[0] and first[1] is second[1]
    others: List[Any] = []
    thread = threading.Thread(target=lambda: others.append(objective(x, DataSet(t, None))))
    thread.start()
    thread.join()
    assert not np.shares_memory(others[0][0], second[0])
    np.testing.assert_array_equal(others[0][0], lightgbm_objective()(x, DataSet(t, None))[0])
    assert objective(x[:7], DataSet(t[:7], None))[0].shape == (7,)


@pytest.mark.parametrize("factory", FACTORIES)
def test_copies_of_objective_are_equal_and_independent(factory: Any) -> None:
    x, t, _ = drawn()
    objective = factory(focal_gamma=2, focal_alpha=0.25)
    results = objective(x, DataSet(t, None))
    state = pickle.dumps(objective)
    assert len(state) < 2_000
    for other in (pickle.loads(state), copy.deepcopy(objective)):
        assert other == objective and type(other) is type(objective)
        again = other(x, DataSet(t, None))
        np.testing.assert_array_equal(np.stack(again), np.stack(results))
        assert not np.shares_memory(again[0], results[0])
    assert objective != factory()


@pytest.mark.parametrize("factory", FACTORIES)
def test_objective_refuses_what_it_cannot_compute(factory: Any) -> None:
    x, t, w = drawn()
    with pytest.raises(ce.CrossEntropyError, match=r"targets\[0\] is 2, expected a number in \[0, 1\]"):
        factory()(x, DataSet(np.full_like(t, 2), None))
    with pytest.raises(ce.CrossEntropyError, match=r"targets has shape \(250,\), expected that of logits, \(250, 2\)"):
        factory()(x.reshape(250, 2), DataSet(t[:250], None))
    with pytest.raises(ce.CrossEntropyError, match=r"weights has shape \(3,\), expected that of logits"):
        factory()(t, x, w[:3])
    with pytest.raises(ce.CrossEntropyError, match="focal_gamma is -1"):
        factory(focal_gamma=-1)

# SPDX-License-Identifier: Apache-2.0
"""Training LightGBM with the objectives, compared with its built-in objective."""

from __future__ import annotations

import warnings
from typing import Any, List

import numpy as np
import pytest

import cross_entropy as ce
from cross_entropy.boosting import lightgbm_objective
from focal import focal_objective

lightgbm = pytest.importorskip("lightgbm")

SEED = 240
# Only a built-in objective begins with the average, so this is turned off.
PARAMETERS = {"boost_from_average": False, "num_leaves": 15, "num_threads": 1, "seed": SEED, "verbose": -1}
generator = np.random.default_rng(SEED)
X = generator.normal(size=(3_000, 6))
Y = (X[:, 0] - 0.5 * X[:, 1] ** 2 + generator.normal(size=3_000) > 0).astype(int)
WEIGHTS = generator.uniform(0.5, 2, 3_000)


def margins(objective: Any, weights: Any = None, callbacks: Any = None, **more: Any) -> Any:
    data = lightgbm.Dataset(X, Y, weight=weights)
    model = lightgbm.train({**PARAMETERS, "objective": objective, **more}, data, 20, callbacks=callbacks)
    return model.predict(X, raw_score=True)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_training_without_options_equals_built_in(weights: Any) -> None:
    np.testing.assert_allclose(margins(lightgbm_objective(), weights), margins("binary", weights), rtol=1e-4, atol=1e-6)


def test_training_with_positive_weight_equals_built_in() -> None:
    expected = margins("binary", scale_pos_weight=3.0)
    np.testing.assert_allclose(margins(lightgbm_objective(positive_weight=3)), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_classifier_equals_built_in(weights: Any) -> None:
    pytest.importorskip("sklearn")
    more = {"n_estimators": 10, **PARAMETERS}
    expected = lightgbm.LGBMClassifier(**more).fit(X, Y, sample_weight=weights).predict_proba(X)[:, 1]
    model = lightgbm.LGBMClassifier(objective=lightgbm_objective(), **more).fit(X, Y, sample_weight=weights)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = model.predict(X, raw_score=True)
    np.testing.assert_allclose(ce.probabilities(logits=scores), expected, rtol=1e-4)


def test_results_are_not_read_after_a_round() -> None:
    objective = lightgbm_objective(focal_gamma=2)
    results: List[Any] = []

    def kept(scores: Any, data: Any) -> Any:
        results.append(objective(scores, data))
        return results[-1]

    def poison(_: Any) -> None:
        for result in results[-1]:
            result.fill(np.nan)

    np.testing.assert_array_equal(margins(kept, callbacks=[poison]), margins(lightgbm_objective(focal_gamma=2)))
    assert len(results) == 20 and results[0][0] is results[-1][0]


def test_training_with_focal_factor_equals_formula() -> None:
    expected = margins(focal_objective)
    np.testing.assert_allclose(margins(lightgbm_objective(focal_gamma=2)), expected, rtol=1e-4, atol=1e-5)


def test_data_set_of_several_classes_is_refused() -> None:
    with pytest.raises(
        ce.CrossEntropyError, match=r"targets has shape \(3000,\), expected that of logits, \(3000, 3\)"
    ):
        margins(lightgbm_objective(), num_class=3)


def test_metric_of_a_classifier_gets_margins() -> None:
    pytest.importorskip("sklearn")

    def loss(labels: Any, scores: Any) -> Any:
        return "loss", ce.loss(logits=scores, targets=labels), False

    more = {"n_estimators": 10, "metric": "None", **PARAMETERS}
    model = lightgbm.LGBMClassifier(objective=lightgbm_objective(), **more)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X, Y, eval_set=[(X, Y)], eval_metric=loss)
        scores = model.predict(X, raw_score=True)
    (history,) = model.evals_result_.values()
    assert set(history) == {"loss"}
    assert history["loss"][-1] == pytest.approx(np.mean(np.logaddexp(0, scores) - Y * scores), rel=1e-6)

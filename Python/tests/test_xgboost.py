# SPDX-License-Identifier: Apache-2.0
"""Training XGBoost with the objectives, compared with its built-in objective."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
import pytest

import cross_entropy as ce
from cross_entropy.boosting import xgboost_objective
from focal import focal_objective

xgboost = pytest.importorskip("xgboost")

SEED = 230
# With these parameters the margin of the first round is 0, and predictions are probabilities.
PARAMETERS = {"objective": "binary:logistic", "base_score": 0.5, "max_depth": 4, "nthread": 1, "seed": SEED}
generator = np.random.default_rng(SEED)
X = generator.normal(size=(3_000, 6)).astype(np.float32)
Y = (X[:, 0] - 0.5 * X[:, 1] ** 2 + generator.normal(size=3_000) > 0).astype(np.float32)
WEIGHTS = generator.uniform(0.5, 2, 3_000).astype(np.float32)


def trained(objective: Any = None, data: Any = None, **more: Any) -> Any:
    data = data or xgboost.DMatrix(X, label=Y)
    model = xgboost.train({**PARAMETERS, **more}, data, 20, obj=objective)
    return model.predict(xgboost.DMatrix(X))


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_training_without_options_equals_built_in(weights: Any) -> None:
    data = xgboost.DMatrix(X, label=Y, weight=weights)
    np.testing.assert_allclose(trained(xgboost_objective(), data), trained(None, data), rtol=1e-5)


def test_training_with_positive_weight_equals_built_in() -> None:
    expected = trained(scale_pos_weight=3.0)
    np.testing.assert_allclose(trained(xgboost_objective(positive_weight=3)), expected, rtol=1e-5)


def test_training_with_several_labels_equals_built_in() -> None:
    data = xgboost.DMatrix(X, label=np.stack([Y, (X[:, 2] > 0).astype(np.float32)], axis=1), weight=WEIGHTS)
    np.testing.assert_allclose(trained(xgboost_objective(), data), trained(None, data), rtol=1e-5)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_classifier_equals_built_in(weights: Any) -> None:
    pytest.importorskip("sklearn")
    more = {"n_estimators": 10, "base_score": 0.5, "n_jobs": 1}
    expected = xgboost.XGBClassifier(**more).fit(X, Y, sample_weight=weights).predict_proba(X)
    model = xgboost.XGBClassifier(objective=xgboost_objective(), **more).fit(X, Y, sample_weight=weights)
    np.testing.assert_allclose(model.predict_proba(X), expected, rtol=1e-5)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_regressor_predicts_margins(weights: Any) -> None:
    pytest.importorskip("sklearn")
    more = {"n_estimators": 10, "n_jobs": 1}
    expected = xgboost.XGBClassifier(base_score=0.5, **more).fit(X, Y, sample_weight=weights)
    model = xgboost.XGBRegressor(objective=xgboost_objective(), base_score=0, **more).fit(X, Y, sample_weight=weights)
    margins = expected.predict(X, output_margin=True)
    np.testing.assert_allclose(model.predict(X), margins, rtol=1e-4, atol=1e-5)


def test_results_are_not_read_after_a_round() -> None:
    data = xgboost.DMatrix(X, label=Y)
    model, objective = xgboost.Booster(PARAMETERS, [data]), xgboost_objective(focal_gamma=2)
    results: List[Any] = []

    def kept(margins: Any, data: Any) -> Any:
        results.append(objective(margins, data))
        return results[-1]

    for round in range(20):
        model.update(data, round, fobj=kept)
        for result in results[-1]:
            result.fill(np.nan)
    np.testing.assert_array_equal(model.predict(data), trained(xgboost_objective(focal_gamma=2)))
    assert len(results) == 20 and results[0][0] is results[-1][0]


def test_training_with_focal_factor_equals_formula() -> None:
    expected = trained(focal_objective)
    np.testing.assert_allclose(trained(xgboost_objective(focal_gamma=2)), expected, rtol=1e-4)


def test_custom_metric_gets_margins() -> None:
    def loss(margins: Any, data: Any) -> Any:
        return "loss", ce.loss(logits=margins, targets=data.get_label())

    data = xgboost.DMatrix(X, label=Y)
    history: Dict[str, Any] = {}
    xgboost.train(
        PARAMETERS,
        data,
        10,
        obj=xgboost_objective(),
        custom_metric=loss,
        evals=[(data, "all")],
        evals_result=history,
        verbose_eval=False,
    )
    np.testing.assert_allclose(history["all"]["loss"], history["all"]["logloss"], rtol=1e-5)


def test_metric_of_a_classifier_gets_margins() -> None:
    pytest.importorskip("sklearn")

    def loss(labels: Any, margins: Any) -> float:
        return ce.loss(logits=margins, targets=labels)

    model = xgboost.XGBClassifier(
        objective=xgboost_objective(), n_estimators=10, base_score=0.5, n_jobs=1, eval_metric=loss
    )
    history = model.fit(X, Y, eval_set=[(X, Y)], verbose=False).evals_result()["validation_0"]["loss"]
    assert history[-1] == pytest.approx(ce.log_loss(Y, model.predict_proba(X)), rel=1e-5)

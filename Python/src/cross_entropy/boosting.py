# SPDX-License-Identifier: Apache-2.0
"""Objectives for XGBoost and LightGBM: binary cross-entropy with a focal factor, label smoothing or positive weight.

The focal loss is not convex: far on the wrong side of 0 it is nearly a straight line, whose curvature is slightly
negative. Both libraries divide by sums of Hessians, which must be positive. Each Hessian is therefore raised to at
least 1e-16, as in XGBoost's own objectives: such an element contributes its gradient, but practically no curvature.

An objective may be used in several threads. It reuses the memory of its results, so the next call in the same thread
overwrites them. Neither library reads them after the round in which they were computed.
"""

from __future__ import annotations

from typing import Optional

from ._objective import Objective, RoundingObjective
from ._options import Options


def xgboost_objective(
    *,
    focal_gamma: float = 0.0,
    focal_alpha: Optional[float] = None,
    label_smoothing: float = 0.0,
    positive_weight: float = 1.0,
    threads: Optional[int] = None,
) -> Objective:
    """An objective for ``xgboost.train(obj=...)``, and for ``objective=`` of XGBClassifier and XGBRegressor.

    Losses are weighted by the weights of the DMatrix, or by the sample_weight of the estimator. Several labels per row
    are supported.

    The parameters of ``xgboost.train`` determine the margin of the first round and whether predictions are margins or
    probabilities. Pass ``{"objective": "binary:logistic", "base_score": 0.5}`` in addition to ``obj``: the first margin
    is then 0, and predictions are probabilities, as they are from XGBClassifier. Without the parameter ``objective``,
    XGBoost assumes a regression: predictions are margins, and base_score should be 0. In all cases, a function passed
    as ``custom_metric`` of ``train``, or as ``eval_metric`` of an estimator, gets margins: its loss is
    ``cross_entropy.loss(logits=...)``.

    Parameters
    ----------
    focal_gamma, focal_alpha, label_smoothing, positive_weight, threads
        As those of `Options`.

    Returns
    -------
    callable
        Takes ``(predt, dtrain)`` or ``(y_true, y_pred, sample_weight=None)``, and returns the gradient and the Hessian
        of the summed loss in the type of the margins, which is float32.

    Examples
    --------
    >>> import numpy as np
    >>> from cross_entropy.boosting import xgboost_objective
    >>> objective = xgboost_objective(focal_gamma=2)
    >>> gradient, hessian = objective(np.array([1, 0]), np.array([0, -1], np.float32))
    >>> gradient.round(3)
    array([-0.298,  0.053], dtype=float32)
    """
    return Objective(
        Options(
            reduction="sum",
            focal_gamma=focal_gamma,
            focal_alpha=focal_alpha,
            label_smoothing=label_smoothing,
            positive_weight=positive_weight,
            threads=threads,
        )
    )


def lightgbm_objective(
    *,
    focal_gamma: float = 0.0,
    focal_alpha: Optional[float] = None,
    label_smoothing: float = 0.0,
    positive_weight: float = 1.0,
    threads: Optional[int] = None,
) -> Objective:
    """An objective for ``lightgbm.train`` as the parameter ``objective``, and for ``objective=`` of its estimators.

    Losses are weighted by the weights of the Dataset, or by the sample_weight of the estimator. The first margins are
    those of ``init_score``, or 0 without it. Predictions are margins, also those that a function passed as ``feval`` or
    ``eval_metric`` gets; `cross_entropy.probabilities` converts them. With early stopping, LGBMClassifier needs
    ``metric="None"``, because otherwise LightGBM also watches its own log loss, which treats margins as probabilities.

    Parameters
    ----------
    focal_gamma, focal_alpha, label_smoothing, positive_weight, threads
        As those of `Options`.

    Returns
    -------
    callable
        Takes ``(preds, train_data)`` or ``(y_true, y_pred, sample_weight=None)``, and returns the gradient and the
        Hessian of the summed loss in float32.
    """
    return RoundingObjective(
        Options(
            reduction="sum",
            focal_gamma=focal_gamma,
            focal_alpha=focal_alpha,
            label_smoothing=label_smoothing,
            positive_weight=positive_weight,
            threads=threads,
        )
    )

# SPDX-License-Identifier: Apache-2.0
"""Objectives for XGBoost and LightGBM: binary cross-entropy with a focal factor, label smoothing or positive weight.

The focal loss is not convex: far on the wrong side of 0 it is nearly a straight line, whose curvature is slightly
negative. Both libraries divide by sums of Hessians, which must be positive. A Hessian is therefore at least 1e-16, as
with XGBoost's own objectives: such an element counts with its gradient, and adds no curvature.

An objective may be used in several threads. It keeps the memory of its results, so that the next call in the same thread
overwrites them; neither library reads them after its round.
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

    ``xgboost.train`` takes the margin of the first round, and the meaning of predictions, from its parameters. With
    ``{"objective": "binary:logistic", "base_score": 0.5}`` beside ``obj``, the margin is 0 and predictions are
    probabilities, as they are from XGBClassifier. Without an objective, it is that of a regression, whose predictions
    are margins and whose base_score should be 0. In all cases, a function as ``custom_metric`` of ``train``, or as
    ``eval_metric`` of an estimator, gets margins: its loss is ``cross_entropy.loss(logits=...)``.

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
    those of ``init_score``, otherwise 0. Predictions are margins, also those that a function as ``feval`` or
    ``eval_metric`` gets: `cross_entropy.probabilities` converts them. LGBMClassifier needs ``metric="None"`` with early
    stopping, because otherwise LightGBM also watches its own log loss, which takes the margins for probabilities.

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

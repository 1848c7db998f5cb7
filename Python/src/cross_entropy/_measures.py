# SPDX-License-Identifier: Apache-2.0
"""The numbers of an evaluation."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Measures:
    """How well predictions fit their targets.

    Attributes
    ----------
    count : int
        The number of elements that count.
    weight_sum : float
        The sum of their weights.
    log_loss, standard_error : float
        The weighted mean of the losses in nats, and its standard error.
    base_rate, mean_prediction : float
        The weighted means of the targets and of the probabilities.
    calibration_ratio : float
        The mean prediction divided by the base rate.
    normalized_entropy : float
        The log loss divided by the entropy of the base rate.
    brier_score : float
        The weighted mean of (p - t)^2.
    expected_calibration_error : float
        Over the bins of equal width in probability.
    area_under_roc, area_under_roc_error : float
        The area under the ROC curve from a histogram of logits; the exact area is within the error.
    """

    count: int
    weight_sum: float
    log_loss: float
    standard_error: float
    base_rate: float
    mean_prediction: float
    calibration_ratio: float
    normalized_entropy: float
    brier_score: float
    expected_calibration_error: float
    area_under_roc: float
    area_under_roc_error: float

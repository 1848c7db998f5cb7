# SPDX-License-Identifier: Apache-2.0
"""The loss of one group."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class GroupLoss:
    """The loss of one group.

    Attributes
    ----------
    count : int
        The number of elements that count.
    target_sum : float
        The sum of the targets: the number of positives if targets are 0 or 1.
    weight_sum : float
        The sum of the weights.
    sum : float
        The sum of the weighted losses in nats.
    mean, mean_error : float
        The sum divided by the count, and its standard error. The mean is NaN if there are no elements, and the standard
        error if there are fewer than two.
    weighted_mean, weighted_mean_error : float
        The sum divided by the sum of the weights, and its standard error.
    """

    count: int
    target_sum: float
    weight_sum: float
    sum: float
    mean: float
    mean_error: float
    weighted_mean: float
    weighted_mean_error: float

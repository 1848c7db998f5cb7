# SPDX-License-Identifier: Apache-2.0
"""Derivatives of the focal loss -(1 - p_t)^gamma ln p_t (Lin et al. 2017) for targets 0 and 1, in 80 bits."""

from __future__ import annotations

from typing import Any

import numpy as np


def focal_slope(x: Any, t: Any, gamma: float) -> Any:
    sign = np.where(np.asarray(t) == 1, 1, -1).astype(np.longdouble)
    log_p, log_q = -np.logaddexp(np.longdouble(0), -sign * x), -np.logaddexp(np.longdouble(0), sign * x)
    p, q = np.exp(log_p), np.exp(log_q)
    return sign * (gamma * q**gamma * p * log_p - q ** (gamma + 1))


def focal_curvature(x: Any, t: Any, gamma: float) -> Any:
    """The second derivative by differences of the slope, with an error of about 1e-12."""
    x, step = np.asarray(x).astype(np.longdouble), np.longdouble(1e-6)
    return (focal_slope(x + step, t, gamma) - focal_slope(x - step, t, gamma)) / (2 * step)


def focal_objective(margins: Any, data: Any) -> Any:
    """An objective as both boosting libraries call it, with gamma 2 and Hessians of at least 1e-16."""
    slope, curvature = focal_slope(margins, data.get_label(), 2), focal_curvature(margins, data.get_label(), 2)
    return slope.astype(np.float32), np.maximum(curvature, 1e-16).astype(np.float32)

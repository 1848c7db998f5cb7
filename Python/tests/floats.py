# SPDX-License-Identifier: Apache-2.0
"""The types of predictions. bfloat16 is among them only if its package is installed."""

from __future__ import annotations

from typing import Any, List

import numpy as np

FLOATS: List[Any] = [np.float16, np.float32, np.float64]

try:
    import ml_dtypes

    FLOATS.append(ml_dtypes.bfloat16)
except ImportError:
    pass

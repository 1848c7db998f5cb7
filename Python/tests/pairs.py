# SPDX-License-Identifier: Apache-2.0
"""Matrices of predictions and targets, and the losses of all pairs of their rows by definition."""

from __future__ import annotations

from typing import Any, Dict, Optional

import numpy as np

import cross_entropy as ce
from oracle import Definition

SEED = 210


def drawn(shape: Any, dtype: Any = np.float32, probabilities: bool = False, soft: bool = True) -> Dict[str, Any]:
    generator = np.random.default_rng(SEED)
    rows, others, columns = shape
    x = generator.normal(0, 3, (rows, columns))
    t = generator.random((others, columns))
    predictions = (1 / (1 + np.exp(-x)) if probabilities else x).astype(dtype)
    targets = t.astype(dtype) if soft else t < 0.4
    return {"probabilities" if probabilities else "logits": predictions, "targets": targets}


def pairs(batch: Dict[str, Any]) -> Dict[str, Any]:
    """Every pair of rows as the rows of one batch."""
    (name, x), (_, t) = batch.items()
    shape = (len(x), len(t), x.shape[1])
    return {name: np.broadcast_to(x[:, None], shape), "targets": np.broadcast_to(t, shape)}


def check(batch: Dict[str, Any], options: Optional[ce.Options] = None, **given: Any) -> None:
    """Compare with the definition, within the documented bound. `given` replaces arguments by equal ones."""
    name, x = next(iter(batch.items()))
    result = ce.pairwise_losses(**{**batch, **given}, options=options)
    assert result.dtype == (np.float64 if x.dtype == np.float64 else np.float32)
    expected = Definition(pairs(batch), options).reduced(-1)
    ends = [Definition({name: x, "targets": np.full(x.shape, t)}, options).reduced(-1) for t in (0, 1)]
    bound = (x.shape[1] + 5) * np.finfo(result.dtype).eps / 2 * (ends[0] + ends[1])
    assert result.shape == expected.shape
    assert (np.abs(result - expected) <= bound[:, None]).all(), f"seed {SEED}, {x.shape} {name}, {options}"

# SPDX-License-Identifier: Apache-2.0
"""The data that all are given, and what the answers are.

Logits of a classifier that is right about them: t is 1 with the probability that p = 1 / (1 + e^-x) states. The targets
are 0/1. All three are float32 files; the exact answers are computed in float64 from the rounded numbers.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

OPERATIONS = {
    "probabilities": "mean loss from probabilities, 0/1 targets",
    "logits": "mean loss from logits",
    "gradient": "mean loss and its gradient from logits",
}


@dataclass(frozen=True)
class Answer:
    loss: float
    magnitude: float  # sum of the magnitudes of the gradient; nan where none is asked for


def write(count, folder):
    """Writes x.raw, p.raw and t.raw, and returns the exact answer of each operation."""
    generator = np.random.default_rng(count)
    x = 2 * generator.standard_normal(count, dtype=np.float32)
    p = (1 / (1 + np.exp(-x.astype(np.float64)))).astype(np.float32)
    t = (generator.random(count, dtype=np.float32) < p).astype(np.float32)
    assert 0 < p.min() and p.max() < 1  # nothing that anyone clips
    for name, array in (("x", x), ("p", p), ("t", t)):
        array.tofile(Path(folder) / f"{name}.raw")
    return _answers(x.astype(np.float64), p.astype(np.float64), t)


def _answers(x, p, t):
    from_probabilities = -np.mean(np.log(np.where(t == 1, p, 1 - p)))
    from_logits = np.mean(np.maximum(x, 0) - x * t + np.log1p(np.exp(-np.abs(x))))
    magnitude = np.mean(np.abs(1 / (1 + np.exp(-x)) - t))
    return {
        "probabilities": Answer(float(from_probabilities), float("nan")),
        "logits": Answer(float(from_logits), float("nan")),
        "gradient": Answer(float(from_logits), float(magnitude)),
    }


def read(folder, count):
    """x, p and t as float32 arrays in memory."""
    arrays = [np.fromfile(Path(folder) / f"{name}.raw", np.float32) for name in "xpt"]
    assert all(array.size == count for array in arrays)
    return arrays


def magnitude(gradient, t):
    """The sum of the gradient, each element with the sign that makes it positive: what a gradient must reproduce.

    In float64, in pieces that stay in the cache.
    """
    piece = 1 << 16
    return float(
        sum(
            np.dot(gradient[start : start + piece].astype(np.float64), 1 - 2 * t[start : start + piece])
            for start in range(0, t.size, piece)
        )
    )

# SPDX-License-Identifier: Apache-2.0
"""Random batches with every type, shape, layout, weight and option."""

from __future__ import annotations

import math
from typing import Any, Dict, Tuple

import numpy as np

import cross_entropy as ce
from floats import FLOATS

TARGETS = [
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float32",
    "float64",
]


class Case:
    """The batch that a seed gives. Its attributes contain what is printed with a failure."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.shape = self._shape()
        self.of_logits = self._chance(0.6)
        self.reduction = str(self.random.choice(["mean", "sum", "weighted-mean"]))
        self.options = self._options()
        self.batch = self._batch()

    def _chance(self, probability: float) -> bool:
        return bool(self.random.random() < probability)

    def _shape(self) -> Tuple[int, ...]:
        axes = self.random.choice([1, 2, 3], p=[0.4, 0.5, 0.1])
        sizes = self.random.integers(0 if self._chance(0.02) else 1, [300, 30, 8][axes - 1], axes)
        return tuple(map(int, sizes))

    def _options(self) -> ce.Options:
        c = float(10.0 ** self.random.uniform(-7, -1))
        rules = [
            ce.Clipping.clipped(c),
            ce.Clipping.clipped_twice(c),
            ce.Clipping.machine_epsilon(),
            ce.Clipping.log_floor(-9),
        ]
        clips = not self.of_logits and self._chance(0.5)
        focal = not clips and self._chance(0.2)
        return ce.Options(
            reduction=self.reduction,
            clipping=rules[self.random.integers(4)] if clips else ce.Clipping(),
            label_smoothing=float(self.random.random()) if self._chance(0.3) else 0.0,
            positive_weight=float(self.random.uniform(0, 5)) if self._chance(0.3) else 1.0,
            focal_gamma=float(self.random.choice([0.5, 1, 2, 3.7])) if focal else 0.0,
            focal_alpha=float(self.random.random()) if focal and self._chance(0.5) else None,
            missing_targets=[math.nan, -1.0][self.random.integers(2)] if self._chance(0.2) else None,
            threads=int(self.random.integers(1, 4)) if self._chance(0.2) else None,
        )

    def _batch(self) -> Dict[str, Any]:
        predictions = self.random.normal(0, 3, self.shape)
        if not self.of_logits:
            # These are so far from 0 and 1 that bfloat16 does not round to them. Only clipped probabilities may be 0 or
            # 1.
            predictions = np.clip(1 / (1 + np.exp(-predictions)), 0.01, 0.99)
            if self.options.clipping.rule != "unclipped":
                predictions[self.random.random(self.shape) < 0.1] = self.random.integers(2)
        dtype = FLOATS[self.random.integers(len(FLOATS))]
        batch: Dict[str, Any] = {
            "logits" if self.of_logits else "probabilities": self._laid_out(predictions.astype(dtype)),
            "targets": self._laid_out(self._targets()),
        }
        for name in ("weights", "positive_weights", "row_weights", "column_weights", "positive_column_weights"):
            if self._chance(0.2):
                shape = self.shape[:-1] if "row" in name else self.shape[-1:] if "column" in name else self.shape
                # A sum of weights must not be close to 0 if it is a divisor. The two terms of a loss must not cancel.
                signed = self.reduction != "weighted-mean" and "positive" not in name
                weights = self.random.uniform(-1 if signed else 0.1, 3, shape)
                batch[name] = weights.astype(self.random.choice(["float32", "float64"]))
        if self._chance(0.3):
            batch["mask"] = (self.random.random(self.shape) < 0.7).astype(self.random.choice(["bool", "uint8"]))
        return batch

    def _targets(self) -> Any:
        dtype = np.dtype(self.random.choice(TARGETS))
        soft = dtype.kind == "f" and self._chance(0.5)
        targets = self.random.random(self.shape)
        targets = (targets if soft else targets < 0.4).astype(dtype)
        missing = self.options.missing_targets
        if missing is not None and (dtype.kind == "f" or (dtype.kind == "i" and missing == -1)):
            targets[self.random.random(self.shape) < 0.2] = missing
        return targets

    def _laid_out(self, array: Any) -> Any:
        """The same numbers as a part of a larger matrix, or in a read-only array."""
        if array.ndim == 2 and self._chance(0.3):
            wide = np.zeros((2 * array.shape[0], array.shape[1] + 3), array.dtype)
            view = wide[:: 2 if self._chance(0.5) else 1][: array.shape[0], 1 : 1 + array.shape[1]]
            view[...] = array
            return view
        array.flags.writeable = self._chance(0.8)
        return array

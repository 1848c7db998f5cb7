# SPDX-License-Identifier: Apache-2.0
"""The definition of the loss in 80 bits, implemented from the documentation with plain NumPy formulas."""

from __future__ import annotations

from typing import Any, Dict, Optional

import numpy as np

import cross_entropy as ce

Wide = np.longdouble
Array = Any


class Definition:
    """Losses and derivatives of each element of a batch, and their reductions.

    Parameters
    ----------
    batch
        The arguments of `cross_entropy.loss` as NumPy arrays.
    options
        The options. Clipping in combination with a focal factor is not implemented, because no test needs it.
    """

    def __init__(self, batch: Dict[str, Array], options: Optional[ce.Options] = None) -> None:
        self.options = options or ce.Options()
        self.of_logits = "logits" in batch
        predictions = np.asarray(batch["logits" if self.of_logits else "probabilities"])
        self.element = np.float64 if predictions.dtype == np.float64 else np.float32
        self.x = predictions.astype(Wide)
        self.t = np.asarray(batch["targets"]).astype(Wide)
        self.counts = self._counting(batch)
        self.weight = self._product(batch, "weights", "row_weights", "column_weights")
        self.positive = self._product(batch, "positive_weights", None, "positive_column_weights")
        self.positive = self.positive * Wide(self.options.positive_weight)
        smoothing = Wide(self.options.label_smoothing)
        self.y = self.t * (1 - smoothing) + smoothing / 2
        self._logarithms()

    def _counting(self, batch: Dict[str, Array]) -> Array:
        counts = np.ones(self.x.shape, bool)
        if batch.get("mask") is not None:
            counts &= np.asarray(batch["mask"]).astype(bool)
        missing = self.options.missing_targets
        if missing is not None:
            counts &= ~(np.isnan(self.t) if np.isnan(missing) else self.t == missing)
        return counts

    def _product(self, batch: Dict[str, Array], elements: str, rows: Optional[str], columns: str) -> Array:
        product = np.ones(self.x.shape, Wide)
        if batch.get(elements) is not None:
            product = product * np.asarray(batch[elements])
        if rows and batch.get(rows) is not None:
            product = product * np.asarray(batch[rows]).reshape(self.x.shape[:-1] + (1,))
        if batch.get(columns) is not None:
            product = product * np.asarray(batch[columns])
        return product

    def _logarithms(self) -> None:
        with np.errstate(all="ignore"):
            if self.of_logits:
                self.log_p, self.log_q = -np.logaddexp(Wide(0), -self.x), -np.logaddexp(Wide(0), self.x)
                self.p, self.q = np.exp(self.log_p), np.exp(self.log_q)
                return
            rule, value = self.options.clipping.rule, self.options.clipping.value
            added = Wide(value) if rule == "clipped-twice" else Wide(0)
            bound = np.finfo(self.element).eps if rule == "machine-epsilon" else self.element(value)
            clips = rule in ("clipped", "clipped-twice", "machine-epsilon")
            self.p = np.clip(self.x, Wide(bound), Wide(self.element(1) - bound)) if clips else self.x
            self.q = 1 - self.p
            self.log_p, self.log_q = np.log(self.p + added), np.log(self.q + added)
            if rule == "log-floor":
                self.log_p, self.log_q = np.maximum(self.log_p, value), np.maximum(self.log_q, value)

    @staticmethod
    def _times(factor: Array, logarithm: Array) -> Array:
        """The product, where 0 ln 0 = 0."""
        with np.errstate(invalid="ignore"):
            return np.where((factor == 0) & ~np.isnan(logarithm), 0, factor * logarithm)

    @property
    def _plain(self) -> Array:
        return -(self.positive * self._times(self.y, self.log_p) + self._times(1 - self.y, self.log_q))

    @property
    def _focal(self) -> Array:
        gamma, alpha = self.options.focal_gamma, self.options.focal_alpha
        if gamma == 0 and alpha is None:
            return Wide(1)
        # The base can be negative only if a target is outside [0, 1]. Such targets are missing.
        with np.errstate(invalid="ignore"):
            # This is 1 - p_t, computed without a difference of close numbers.
            factor = (self.y * self.q + (1 - self.y) * self.p) ** Wide(gamma)
        return factor if alpha is None else factor * (self.y * Wide(alpha) + (1 - self.y) * (1 - Wide(alpha)))

    @property
    def losses(self) -> Array:
        return np.where(self.counts, self.weight * self._plain * self._focal, 0)

    @property
    def slopes(self) -> Array:
        """The derivative of each loss with respect to its prediction, without a focal factor or clipping."""
        if self.of_logits:
            slope = (1 - self.y) * self.p - self.positive * self.y * self.q
        else:
            slope = (1 - self.y) / self.q - self.positive * self.y / self.p
        return np.where(self.counts, self.weight * slope, 0)

    @property
    def slope_scale(self) -> Array:
        """The sum of the absolute values of the terms in `slopes`. Its rounding errors are relative to this sum."""
        p, q = (self.p, self.q) if self.of_logits else (1 / self.q, 1 / self.p)
        return np.abs(self.weight) * (np.abs(1 - self.y) * p + np.abs(self.positive) * np.abs(self.y) * q)

    @property
    def curvatures(self) -> Array:
        """The second derivative of each loss with respect to its logit, without a focal factor."""
        return np.where(self.counts, self.weight * (1 - self.y + self.positive * self.y) * self.p * self.q, 0)

    def divisor(self, axis: Any = None) -> Array:
        if self.options.reduction == "sum":
            return Wide(1)
        counted = self.weight if self.options.reduction == "weighted-mean" else np.ones(self.x.shape, Wide)
        return np.sum(np.where(self.counts, counted, 0), axis=axis)

    def reduced(self, axis: Any = None) -> Array:
        with np.errstate(all="ignore"):
            return np.sum(self.losses, axis=axis) / self.divisor(axis)

# SPDX-License-Identifier: Apache-2.0
"""One question to a framework: the inputs, the options and the quantity that is asked for.

A problem is what the library, the framework and the exact formula are all given. Its numbers are held in the element
type (`float32` or `float64`), so that all three see the same inputs.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Problem:
    domain: str  # "logits" or "probabilities"
    scalar: str  # "float32" or "float64"
    predictions: np.ndarray  # rows x columns, of the scalar type
    targets: np.ndarray  # likewise
    quantity: str = "loss"  # "loss", "losses", "rowLosses", "gradient" or "hessian"
    reduction: str = "mean"  # "mean", "sum" or "weighted-mean"
    preset: str = "exact"  # the clip rule of probabilities
    label_smoothing: float = 0.0
    positive_weight: Any = None  # one number, or a list with one a column
    weights: Any = None  # as many as weights_by says
    weights_by: str = "element"  # "element", "row" or "column"
    mask: Any = None  # rows x columns of 0 and 1; 1 counts
    gamma: float | None = None
    alpha: float | None = None

    @property
    def shape(self):
        return self.predictions.shape

    def with_(self, **changes):
        return replace(self, **changes)

    def weight_matrix(self):
        """The weights as a matrix of the scalar type (ones where there are none)."""
        if self.weights is None:
            return np.ones(self.shape, self.scalar)
        weights = np.asarray(self.weights, self.scalar)
        form = {"element": self.shape, "row": (-1, 1), "column": (1, -1)}[self.weights_by]
        return np.broadcast_to(weights.reshape(form), self.shape)

    def positive_weights(self):
        """The positive weight of each column."""
        one = 1.0 if self.positive_weight is None else self.positive_weight
        return np.broadcast_to(np.asarray(one, self.scalar), (self.shape[1],))

    def options(self):
        """The options that are not the default, as the fixture names them."""
        options = {}
        if self.preset != "exact":
            options["preset"] = self.preset
        if self.label_smoothing != 0:
            options["labelSmoothing"] = number(self.label_smoothing)
        if self.positive_weight is not None:
            options["positiveWeight"] = numbers(np.asarray(self.positive_weight, self.scalar))
        if self.weights is not None:
            options["weights"] = numbers(np.asarray(self.weights, self.scalar))
            options["weightsBy"] = self.weights_by
        if self.mask is not None:
            options["mask"] = [int(bit) for bit in np.asarray(self.mask).reshape(-1)]
        if self.gamma is not None:
            options["focalGamma"] = number(self.gamma)
        if self.alpha is not None:
            options["focalAlpha"] = number(self.alpha)
        if self.reduction != "mean":
            options["reduction"] = self.reduction
        return options


def number(value):
    """A number as a string: the shortest that a Double reads back, "inf", "-inf" or "nan"."""
    text = repr(float(value))
    return text.removesuffix(".0")


def numbers(array):
    return [number(value) for value in np.asarray(array).reshape(-1)]

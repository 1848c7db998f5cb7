# SPDX-License-Identifier: Apache-2.0
"""The objects that XGBoost and LightGBM call in each round."""

from __future__ import annotations

import dataclasses
import threading
from typing import Any, Dict, Tuple

import numpy
import numpy.typing

from ._batch import FLOAT32, FLOAT64
from ._gradients import loss_gradient_hessian
from ._options import Options

Array = numpy.typing.NDArray[Any]

#: The lower bound of XGBoost's own logistic objectives.
LEAST_HESSIAN = 1e-16


class _Memory(threading.local):
    """Arrays that are kept by name for each thread, and reused while their shape and type remain the same."""

    def __init__(self) -> None:
        self._arrays: Dict[str, Array] = {}

    def array(self, name: str, shape: Tuple[int, ...], dtype: numpy.dtype[Any]) -> Array:
        kept = self._arrays.get(name)
        if kept is None or kept.shape != shape or kept.dtype != dtype:
            kept = self._arrays[name] = numpy.empty(shape, dtype)
        return kept


@dataclasses.dataclass(frozen=True)
class Objective:
    """The gradient and the Hessian with respect to margins.

    Both libraries call it in two ways: with a data set, and from their scikit-learn estimators. XGBoost passes weights
    if there is a parameter called ``sample_weight``, and LightGBM passes them if there are three parameters.
    """

    options: Options
    _memory: _Memory = dataclasses.field(default_factory=_Memory, init=False, repr=False, compare=False)

    def __call__(self, first: Any, second: Any, sample_weight: Any = None) -> Tuple[Array, Array]:
        """The derivatives for ``(margins, data set)``, or for ``(labels, margins, sample_weight)``."""
        if hasattr(second, "get_label"):
            margins, labels, weights = first, second.get_label(), second.get_weight()
        else:
            labels, margins, weights = first, second, sample_weight
        margins = self._read(numpy.asarray(margins))
        labels = numpy.asarray(labels)
        # Before version 3, XGBoost returns the labels of all rows as an array with one axis.
        if labels.size == margins.size:
            labels = labels.reshape(margins.shape)
        arrays: Dict[str, Any] = {"logits": margins, "targets": labels}
        # If there are no weights, LightGBM's data set returns None, and XGBoost's returns an empty array.
        if weights is not None and len(weights):
            arrays["row_weights" if margins.ndim > 1 else "weights"] = weights
        dtype = FLOAT64 if margins.dtype == FLOAT64 else FLOAT32
        gradient = self._memory.array("gradient", margins.shape, dtype)
        hessian = self._memory.array("hessian", margins.shape, dtype)
        loss_gradient_hessian(**arrays, options=self.options, out=(gradient, hessian))
        return gradient, numpy.maximum(hessian, LEAST_HESSIAN, out=hessian)

    def _read(self, margins: Array) -> Array:
        return margins

    def __reduce__(self) -> Tuple[Any, ...]:
        """A copy or pickle, such as those that scikit-learn makes, gets its own memory."""
        return type(self), (self.options,)


class RoundingObjective(Objective):
    """The derivatives in float32 with respect to margins in float64.

    LightGBM rounds derivatives to float32. Rounding a margin x instead takes a sixth of the time. It changes the
    gradient p - t by no more than 2^-24 |x| p (1 - p) < 2^-26, which is less than the error of rounding a gradient of
    1/2.
    """

    def _read(self, margins: Array) -> Array:
        rounded = self._memory.array("margins", margins.shape, FLOAT32)
        numpy.copyto(rounded, margins, casting="same_kind")
        return rounded

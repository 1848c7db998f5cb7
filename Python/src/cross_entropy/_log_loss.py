# SPDX-License-Identifier: Apache-2.0
"""scikit-learn's log loss, for two classes."""

from __future__ import annotations

import warnings
from typing import Any, Optional

import numpy
import numpy.typing

from ._classes import positive_samples, refuse_element
from ._errors import CrossEntropyError
from ._losses import loss
from ._options import Options
from ._rules import Clipping

Array = numpy.typing.NDArray[Any]


def log_loss(
    y_true: numpy.typing.ArrayLike,
    y_pred: Optional[numpy.typing.ArrayLike] = None,
    *,
    normalize: bool = True,
    sample_weight: Optional[numpy.typing.ArrayLike] = None,
    labels: Optional[numpy.typing.ArrayLike] = None,
    y_proba: Optional[numpy.typing.ArrayLike] = None,
) -> float:
    """The log loss of a binary classifier, as ``sklearn.metrics.log_loss`` computes it.

    Parameters
    ----------
    y_true : array_like
        The class of each sample. There are two classes, which may be numbers, strings or booleans; the greater one is
        the positive class.
    y_pred, y_proba : array_like
        The probability of the positive class for each sample, or two columns with the probabilities of both classes.
        They are clipped by the machine epsilon of their type. The two names are for the same argument, which
        scikit-learn calls ``y_proba`` from version 1.9 on.
    normalize : bool
        Whether to return the weighted mean of the losses instead of their weighted sum.
    sample_weight : array_like, optional
        The weight of each sample.
    labels : array_like, optional
        The two classes. They are needed if ``y_true`` may contain only one of them.

    Returns
    -------
    float
        The loss in nats.

    Raises
    ------
    CrossEntropyError
        Wherever scikit-learn raises a ``ValueError``, and for more than two classes. It is a ``ValueError``, too.

    Warns
    -----
    UserWarning
        If the two columns of a sample do not sum to one.

    Examples
    --------
    >>> import cross_entropy as ce
    >>> round(ce.log_loss(["spam", "ham", "ham", "spam"], [0.9, 0.1, 0.2, 0.65]), 5)
    0.21616
    """
    given = y_proba if y_pred is None else y_pred
    if given is None or (y_pred is not None and y_proba is not None):
        raise TypeError("log_loss takes one of y_pred and y_proba")
    probabilities = _probabilities(given)
    positive = positive_samples(y_true, labels, len(probabilities))
    weights = None if sample_weight is None else _weights(sample_weight, len(probabilities), normalize)
    # Options.scikit_learn is not used: its epsilon is that of the type in which the library computes, which is float32
    # for float16.
    epsilon = float(numpy.finfo(probabilities.dtype).eps)
    options = Options(reduction="weighted-mean" if normalize else "sum", clipping=Clipping.clipped(epsilon))
    if probabilities.ndim == 1:
        return loss(probabilities=probabilities, targets=positive, weights=weights, options=options)
    # As in scikit-learn, the loss of a sample depends only on the column of its class: the two columns need not sum to
    # one exactly.
    chosen = numpy.stack([~positive, positive], axis=1)
    return loss(probabilities=probabilities, targets=chosen, mask=chosen, row_weights=weights, options=options)


def _probabilities(y_pred: numpy.typing.ArrayLike) -> Array:
    """One number for each sample, or two columns."""
    array = numpy.asarray(y_pred)
    if array.dtype not in (numpy.float64, numpy.float32, numpy.float16):
        array = array.astype(numpy.float64)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1 and array.shape[1:] != (2,):
        raise CrossEntropyError(
            f"y_pred has shape {array.shape}, expected a probability for each sample, or two columns: only two classes "
            "are supported",
            "y_pred",
        )
    if not len(array):
        raise CrossEntropyError("y_pred has no samples, expected at least one", "y_pred")
    if not (array.min() >= 0 and array.max() <= 1):
        refuse_element(array, (array >= 0) & (array <= 1), "y_pred", "a number in [0, 1]")
    if array.ndim == 2:
        tolerance = float(numpy.sqrt(numpy.finfo(array.dtype).eps))
        if not numpy.isclose(array.sum(axis=1), 1, rtol=tolerance).all():
            warnings.warn("the columns of y_pred do not sum to one: pass probabilities", UserWarning, stacklevel=3)
    return numpy.ascontiguousarray(array)


def _weights(sample_weight: numpy.typing.ArrayLike, count: int, normalize: bool) -> Array:
    array = numpy.asarray(sample_weight)
    if array.dtype not in (numpy.float64, numpy.float32):
        array = array.astype(numpy.float64)
    if array.shape != (count,):
        raise CrossEntropyError(
            f"sample_weight has shape {array.shape}, expected {(count,)}, one for each sample", "sample_weight"
        )
    finite = numpy.isfinite(array)
    if not finite.all():
        refuse_element(array, finite, "sample_weight", "a finite number")
    if not array.any() or (normalize and array.sum() == 0):
        raise CrossEntropyError("sample_weight sums to 0, expected another sum", "sample_weight", value=0.0)
    return numpy.ascontiguousarray(array)

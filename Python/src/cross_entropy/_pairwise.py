# SPDX-License-Identifier: Apache-2.0
"""The loss of every row of predictions against every row of targets."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Optional

import numpy
import numpy.typing

from ._batch import FLOAT32, FLOAT64
from ._errors import CrossEntropyError
from ._losses import loss, losses
from ._matrices import matrix
from ._options import Options
from ._outputs import output
from ._roles import PREDICTIONS, TARGETS
from ._rows import row_losses
from ._types import Numbers

Array = numpy.typing.NDArray[Any]


def pairwise_losses(
    *,
    logits: Optional[Numbers] = None,
    probabilities: Optional[Numbers] = None,
    targets: Numbers,
    options: Optional[Options] = None,
    out: Optional[Array] = None,
) -> Array:
    """The loss of every row of predictions against every row of targets, for example as the cost matrix of a matching.

    A loss is linear in its target, l(t) = l(0) + t (l(1) - l(0)), so one matrix product gives the losses of all pairs::

        losses = (row sums of l(0)) + D targets^T,   D = l(1) - l(0), which is -x for the plain loss of a logit x

    There are two exceptions: missing targets, and a focal factor with targets strictly between 0 and 1. In these cases,
    and for a row with an infinite loss or a NaN, each pair is computed separately.

    Accuracy: the matrix product adds in the type of the result. The error of a sum is about 2^-24 (float32) or 2^-53
    (float64) times the sum of l(0) + l(1) over the row, and at most columns + 5 times that. The last bits depend on
    NumPy's BLAS.

    Parameters
    ----------
    logits, probabilities : array_like
        The predictions, a matrix with m rows. Exactly one of the two is needed.
    targets : array_like
        A matrix of numbers in [0, 1], with n rows and as many columns as the predictions.
    options : Options, optional
        As for `row_losses`. The option `threads` does not apply to the matrix product, which uses the threads of
        NumPy's BLAS.
    out : numpy.ndarray, optional
        The array to which the losses are written. It has m rows of n numbers, and is float64 if the predictions are
        float64 and otherwise float32. It must not overlap another argument. After an error, its contents have no
        meaning.

    Returns
    -------
    numpy.ndarray
        `out`, or a new array: the mean or sum over the columns, for each row of predictions and each row of targets.

    Raises
    ------
    CrossEntropyError
        As for `loss`.

    Examples
    --------
    >>> import cross_entropy as ce
    >>> ce.pairwise_losses(logits=[[2.0, -1.0], [0.0, 0.0]], targets=[[1, 0], [0, 1]]).round(3)
    array([[0.22 , 1.72 ],
           [0.693, 0.693]])
    """
    if logits is not None and probabilities is None:
        name, left = "logits", matrix(logits, "logits", PREDICTIONS)
    elif probabilities is not None and logits is None:
        name, left = "probabilities", matrix(probabilities, "probabilities", PREDICTIONS)
    else:
        raise TypeError("expected either logits or probabilities")
    right = matrix(targets, "targets", TARGETS)
    if left.array.shape[1] != right.array.shape[1]:
        columns = left.array.shape[1]
        raise CrossEntropyError(
            f"targets has {right.array.shape[1]} columns, expected {columns}, as many as {name}", "targets"
        )
    shape = (len(left.array), len(right.array))
    dtype = FLOAT64 if left.array.dtype == FLOAT64 else FLOAT32
    out, _ = output(out, "out", shape, (dtype,), lambda: [left.extent, right.extent])
    options = Options() if options is None else options
    # The matrix product does not check targets, so this call raises the error for one outside [0, 1].
    indifferent = numpy.zeros(right.array.shape[1], dtype)
    loss(logits=numpy.broadcast_to(indifferent, right.array.shape), targets=right.array, options=options)
    for row in _write_product(name, left.array, right.array, options, out):
        predictions: Dict[str, Any] = {name: numpy.broadcast_to(left.array[row], right.array.shape)}
        row_losses(**predictions, targets=right.array, options=options, out=out[row])
    return out


def _write_product(name: str, rows: Array, targets: Array, options: Options, out: Array) -> Array:
    """Write the losses that the matrix product gives, and return the rows that must be computed pair by pair."""
    columns = rows.shape[1]
    bits = numpy.repeat(numpy.array([[0], [1]], numpy.uint8), columns, axis=1)
    zero: Dict[str, Any] = {name: rows, "targets": numpy.broadcast_to(bits[0], rows.shape)}
    one: Dict[str, Any] = {name: rows, "targets": numpy.broadcast_to(bits[1], rows.shape)}
    summed = dataclasses.replace(options, reduction="sum")
    at_zero, at_one = row_losses(**zero, options=summed), row_losses(**one, options=summed)
    if not _is_linear(options, targets):
        return numpy.arange(len(rows))
    # If there are no columns, the mean is NaN.
    factor = 1.0 if options.reduction == "sum" else 1 / columns if columns else numpy.nan
    with numpy.errstate(all="ignore"):
        if name == "logits" and _is_plain(options):
            left, sign = rows.astype(out.dtype, copy=False), -1
        else:
            left, sign = losses(**one, options=options), 1
            left -= losses(**zero, options=options)
        numpy.matmul(left, targets.astype(out.dtype, copy=False).T, out=out)
        out *= sign * factor
        out += (at_zero * factor).astype(out.dtype)[:, numpy.newaxis]
        # In these rows, a loss is infinite or NaN, or the sum of products might overflow.
        return numpy.flatnonzero(~(at_zero + at_one < numpy.finfo(out.dtype).max / 4))


def _is_linear(options: Options, targets: Array) -> bool:
    if options.missing_targets is not None:
        return False
    return not _is_focal(options) or targets.dtype == bool or bool(((targets == 0) | (targets == 1)).all())


def _is_plain(options: Options) -> bool:
    """Whether the difference of the losses of a logit x is -x."""
    return options.label_smoothing == 0 and options.positive_weight == 1 and not _is_focal(options)


def _is_focal(options: Options) -> bool:
    return options.focal_gamma != 0 or options.focal_alpha is not None

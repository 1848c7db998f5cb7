# SPDX-License-Identifier: Apache-2.0
"""The loss of a batch: reduced to one number, or of each element."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Optional

import numpy.typing

from ._batch import make_batch
from ._errors import raise_last_error
from ._library import ce_loss, ce_losses
from ._options import Options, packed
from ._outputs import output
from ._signature import takes_arrays
from ._types import BatchArrays

if TYPE_CHECKING:
    from typing_extensions import Unpack


@takes_arrays
def loss(*, options: Optional[Options] = None, **arrays: Unpack[BatchArrays]) -> float:
    """The loss of a batch in nats.

    Parameters
    ----------
    logits, probabilities : array_like
        The predictions, one of the two. Arrays of float16, float32, float64 and bfloat16 are read where they lie, also
        the rows of a larger matrix; lists are converted.
    targets : array_like
        Numbers in [0, 1] of the same shape: floats, integers or booleans.
    weights, positive_weights : array_like, optional
        A float32 or float64 for each element. Positive weights multiply the part of the loss with the target.
    row_weights, column_weights, positive_column_weights : array_like, optional
        A float32 or float64 for each row, or for each column. Columns are the last axis, and one axis is one row.
    mask : array_like, optional
        Elements that count: bool, or uint8 of which any number but 0 is true. Neither do the nulls of Arrow arrays and
        the masked elements of masked arrays count.
    options : Options, optional
        The reduction and what else changes the formula; the mean of the plain loss by default.

    Returns
    -------
    float
        NaN if a prediction or target that counts is NaN, or for a mean of no elements.

    Raises
    ------
    CrossEntropyError
        If a target or probability is outside [0, 1], or shapes or memory layouts do not fit.
    TypeError
        If an array has a type that is not read.

    Examples
    --------
    >>> import cross_entropy as ce
    >>> round(ce.loss(probabilities=[0.1, 0.95, 0.2, 0.6], targets=[0, 1, 0, 0]), 6)
    0.324022
    """
    batch = make_batch(arrays)
    result = ctypes.c_double()
    if ce_loss(packed(options), batch.packed, ctypes.byref(result)):
        raise_last_error(batch.shape)
    return result.value


@takes_arrays
def losses(
    *,
    options: Optional[Options] = None,
    out: Optional[numpy.typing.NDArray[Any]] = None,
    **arrays: Unpack[BatchArrays],
) -> numpy.typing.NDArray[Any]:
    """The weighted loss of each element in nats, 0 for those that do not count.

    Parameters
    ----------
    **arrays, options
        As for `loss`; the reduction has no effect.
    out : numpy.ndarray, optional
        Where the losses are written: an array of the shape of the predictions, float64 if these are float64 and
        otherwise float32. It must not overlap another argument. After an error, its contents have no meaning.

    Returns
    -------
    numpy.ndarray
        `out`, or a new array.
    """
    batch = make_batch(arrays)
    out, (_, address, _) = output(out, "out", batch.shape, (batch.result,), batch.extents)
    if ce_losses(packed(options), batch.packed, address, out.size):
        raise_last_error(batch.shape)
    return out

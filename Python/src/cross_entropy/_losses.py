# SPDX-License-Identifier: Apache-2.0
"""The loss of a batch, reduced to one number or for each element."""

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
        The predictions; exactly one of the two is needed. Arrays of float16, float32, float64 and bfloat16 are read in
        place, and so are slices of a matrix. Lists are converted.
    targets : array_like
        Numbers in [0, 1] of the same shape: floats, integers or booleans.
    weights, positive_weights : array_like, optional
        A float32 or float64 for each element. Positive weights are factors of the loss of the positive label, the term
        with ln p.
    row_weights, column_weights, positive_column_weights : array_like, optional
        A float32 or float64 for each row, or for each column. The columns are the last axis, and an array with one axis
        is one row.
    mask : array_like, optional
        Which elements count: bool, or uint8, where any number except 0 is true. Nulls of Arrow arrays and masked
        elements of masked arrays do not count either.
    options : Options, optional
        The reduction and the options of the formula; by default, the mean of the plain loss.

    Returns
    -------
    float
        The loss. It is NaN if a prediction or target that counts is NaN, and if a mean has no elements.

    Raises
    ------
    CrossEntropyError
        If a target or probability is outside [0, 1], or if a shape or a memory layout is not supported.
    TypeError
        If the type of an array is not supported.

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
    """The weighted loss of each element in nats; 0 for elements that do not count.

    Parameters
    ----------
    **arrays, options
        As for `loss`; the reduction has no effect.
    out : numpy.ndarray, optional
        The array to which the losses are written. It has the shape of the predictions, and is float64 if these are
        float64 and otherwise float32. It must not overlap another argument. After an error, its contents have no
        meaning.

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

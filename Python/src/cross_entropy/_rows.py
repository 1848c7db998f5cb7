# SPDX-License-Identifier: Apache-2.0
"""The loss of each row or column of a matrix."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Callable, Optional, Tuple

import numpy.typing

from . import _layout as layout
from ._batch import FLOAT32, FLOAT64, Batch, make_batch
from ._errors import raise_last_error
from ._library import ce_column_losses, ce_loss, ce_row_losses
from ._options import Options, packed
from ._outputs import output
from ._packing import number
from ._signature import takes_arrays
from ._types import BatchArrays

if TYPE_CHECKING:
    from typing_extensions import Unpack

Array = numpy.typing.NDArray[Any]


@takes_arrays
def row_losses(
    *,
    options: Optional[Options] = None,
    gradient_scale: float = 1.0,
    out: Optional[Array] = None,
    gradient_out: Optional[Array] = None,
    **arrays: Unpack[BatchArrays],
) -> Array:
    """The reduced loss of each row. A row extends along the last axis of the predictions.

    Parameters
    ----------
    **arrays, options
        As for `loss`. The reduction is applied to each row.
    gradient_scale : float
        Multiplies the gradient.
    out : numpy.ndarray, optional
        The float64 or float32 array to which the losses are written. It has the shape of the predictions without the
        last axis, and must not overlap another argument.
    gradient_out : numpy.ndarray, optional
        The array to which the gradient of each loss with respect to its own elements is written, if it is needed. Its
        shape and type are those of `out` in `losses`.

    Returns
    -------
    numpy.ndarray
        `out`, or a new array of float64.
    """
    batch = make_batch(arrays, by_rows=True)
    return _write(ce_row_losses, batch, batch.shape[:-1], options, gradient_scale, out, gradient_out)


@takes_arrays
def column_losses(
    *,
    options: Optional[Options] = None,
    gradient_scale: float = 1.0,
    out: Optional[Array] = None,
    gradient_out: Optional[Array] = None,
    **arrays: Unpack[BatchArrays],
) -> Array:
    """The reduced loss of each column: all elements with the same index in the last axis of the predictions.

    Parameters
    ----------
    **arrays, options, gradient_scale, gradient_out
        As for `row_losses`.
    out : numpy.ndarray, optional
        As for `row_losses`, with one number for each column.

    Returns
    -------
    numpy.ndarray
        `out`, or a new array of float64.
    """
    batch = make_batch(arrays, by_rows=True)
    return _write(ce_column_losses, batch, batch.shape[-1:], options, gradient_scale, out, gradient_out)


def _write(
    function: Callable[..., int],
    batch: Batch,
    shape: Tuple[int, ...],
    options: Optional[Options],
    scale: float,
    out: Optional[Array],
    gradient_out: Optional[Array],
) -> Array:
    out, extent = output(out, "out", shape, (FLOAT64, FLOAT32), batch.extents)
    gradient, room = None, 0
    if gradient_out is not None:
        gradient_out, (_, gradient, _) = output(
            gradient_out, "gradient_out", batch.shape, (batch.result,), lambda: [*batch.extents(), extent]
        )
        room = gradient_out.size
    if batch.shape[-1:] == (0,):
        # A ce_batch without elements has no number of rows. Each row gets the loss of an empty batch.
        result = ctypes.c_double()
        status = ce_loss(packed(options), batch.packed, ctypes.byref(result))
        out.fill(result.value)
    else:
        code = layout.CE_FLOAT64 if out.dtype == FLOAT64 else layout.CE_FLOAT32
        status = function(
            packed(options),
            batch.packed,
            code,
            extent[1],
            out.size,
            number(scale, "gradient_scale"),
            gradient,
            room,
        )
    if status:
        raise_last_error(batch.shape)
    return out

# SPDX-License-Identifier: Apache-2.0
"""The gradient of the loss of a batch, and the diagonal of its Hessian."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Optional, Tuple

import numpy.typing

from ._batch import Batch, make_batch
from ._errors import raise_last_error
from ._library import ce_gradient
from ._options import Options, packed
from ._outputs import output
from ._packing import number
from ._signature import takes_arrays
from ._types import BatchArrays

if TYPE_CHECKING:
    from typing_extensions import Unpack

Array = numpy.typing.NDArray[Any]


@takes_arrays
def gradient(
    *,
    options: Optional[Options] = None,
    gradient_scale: float = 1.0,
    out: Optional[Array] = None,
    **arrays: Unpack[BatchArrays],
) -> Array:
    """The gradient of the loss with respect to the predictions. It is 0 for elements that do not count.

    Parameters
    ----------
    **arrays, options
        As for `loss`.
    gradient_scale : float
        Multiplies the gradient.
    out : numpy.ndarray, optional
        As for `losses`.

    Returns
    -------
    numpy.ndarray
        `out`, or a new array.
    """
    batch = make_batch(arrays)
    out, (_, address, _) = output(out, "out", batch.shape, (batch.result,), batch.extents)
    _differentiate(batch, options, gradient_scale, address, None, out.size, None)
    return out


@takes_arrays
def loss_and_gradient(
    *,
    options: Optional[Options] = None,
    gradient_scale: float = 1.0,
    out: Optional[Array] = None,
    **arrays: Unpack[BatchArrays],
) -> Tuple[float, Array]:
    """The loss and its gradient, in one pass.

    Parameters
    ----------
    **arrays, options
        As for `loss`.
    gradient_scale : float
        Multiplies the gradient, but not the loss.
    out : numpy.ndarray, optional
        As for `losses`.

    Returns
    -------
    loss : float
    gradient : numpy.ndarray
        `out`, or a new array.
    """
    batch = make_batch(arrays)
    out, (_, address, _) = output(out, "out", batch.shape, (batch.result,), batch.extents)
    result = ctypes.c_double()
    _differentiate(batch, options, gradient_scale, address, None, out.size, ctypes.byref(result))
    return result.value, out


@takes_arrays
def loss_gradient_hessian(
    *,
    options: Optional[Options] = None,
    gradient_scale: float = 1.0,
    out: Tuple[Optional[Array], Optional[Array]] = (None, None),
    **arrays: Unpack[BatchArrays],
) -> Tuple[float, Array, Array]:
    """The loss, its gradient and the diagonal of its Hessian with respect to logits, in one pass.

    Parameters
    ----------
    **arrays, options
        As for `loss`.
    gradient_scale : float
        Multiplies the gradient and the Hessian, but not the loss.
    out : tuple of numpy.ndarray or None
        The arrays to which the gradient and the Hessian are written, each as for `losses`.

    Returns
    -------
    loss : float
    gradient, hessian : numpy.ndarray
        The arrays of `out`, or new ones.
    """
    batch = make_batch(arrays)
    slopes, extent = output(out[0], "out[0]", batch.shape, (batch.result,), batch.extents)
    curvatures, other = output(out[1], "out[1]", batch.shape, (batch.result,), lambda: [*batch.extents(), extent])
    result = ctypes.c_double()
    _differentiate(batch, options, gradient_scale, extent[1], other[1], slopes.size, ctypes.byref(result))
    return result.value, slopes, curvatures


def _differentiate(
    batch: Batch,
    options: Optional[Options],
    scale: float,
    gradient: int,
    hessian: Optional[int],
    room: int,
    result: Any,
) -> None:
    if ce_gradient(packed(options), batch.packed, number(scale, "gradient_scale"), gradient, hessian, room, result):
        raise_last_error(batch.shape)

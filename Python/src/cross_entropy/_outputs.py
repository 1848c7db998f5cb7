# SPDX-License-Identifier: Apache-2.0
"""The arrays to which the library writes."""

from __future__ import annotations

from typing import Any, Callable, Optional, Sequence, Tuple

import numpy
import numpy.typing

from ._arrays import address_of
from ._elements import Extent
from ._errors import CrossEntropyError

Array = numpy.typing.NDArray[Any]


def output(
    out: Optional[Array],
    name: str,
    shape: Tuple[int, ...],
    dtypes: Sequence[numpy.dtype[Any]],
    others: Callable[[], Sequence[Extent]],
) -> Tuple[Array, Extent]:
    """The array to which results are written, and its memory.

    Parameters
    ----------
    out
        The caller's array, or None for a new one.
    name
        The name of the argument.
    shape, dtypes
        The shape and the dtypes that the array may have. A new array gets the first of these dtypes.
    others
        Returns the memory that the array must not overlap.
    """
    if out is None:
        out = numpy.empty(shape, dtypes[0])
        return out, (name, address_of(out), out.nbytes)
    if not isinstance(out, numpy.ndarray):
        raise TypeError(f"{name} is {type(out).__name__}, expected a numpy.ndarray")
    if out.dtype not in dtypes:
        raise TypeError(f"{name} has dtype {out.dtype}, expected {' or '.join(map(str, dtypes))}")
    if out.shape != shape:
        raise CrossEntropyError(f"{name} has shape {out.shape}, expected {shape}", name)
    if not out.flags.carray:
        what = "is read-only" if not out.flags.writeable else "is not aligned, with adjacent elements"
        raise CrossEntropyError(f"{name} {what}, expected an array such as numpy.empty makes", name)
    extent = (name, address_of(out), out.nbytes)
    for other in others():
        if extent[1] < other[1] + other[2] and other[1] < extent[1] + extent[2]:
            raise CrossEntropyError(f"{name} overlaps {other[0]} in memory, expected an array of its own", name)
    return out, extent

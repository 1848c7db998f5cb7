# SPDX-License-Identifier: Apache-2.0
"""Converts arguments to matrices for NumPy's matrix product."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy
import numpy.typing

from . import _layout as layout
from ._elements import SIZES, Elements, Extent
from ._errors import CrossEntropyError
from ._inputs import elements_of, without_nulls
from ._roles import Role
from ._types import Numbers


class Matrix(NamedTuple):
    """An array, and the memory of the argument. The array has memory of its own if it is a copy."""

    array: numpy.typing.NDArray[Any]
    extent: Extent


def matrix(value: Numbers, name: str, role: Role) -> Matrix:
    """An argument in place. Only bfloat16, which NumPy cannot multiply, is converted to float32, and bits to bool."""
    elements = without_nulls(elements_of(value, name, role), name)
    if len(elements.shape) != 2:
        raise CrossEntropyError(f"{name} has shape {elements.shape}, expected a matrix, with two axes", name)
    array = elements.owner if isinstance(elements.owner, numpy.ndarray) else _rows(elements)
    if elements.type == layout.CE_BFLOAT16:
        # A bfloat16 is the upper half of a float32.
        array = (array.view(numpy.uint16).astype(numpy.uint32) << 16).view(numpy.float32)
    return Matrix(array, (name, elements.address, elements.byte_count))


def _rows(elements: Elements) -> numpy.typing.NDArray[Any]:
    """The elements of an array from another framework, whose rows may have gaps between them."""
    if not elements.stride:
        return elements.array()
    size = SIZES[elements.type]
    memory = elements._replace(shape=(elements.byte_count // size,), stride=0).array()
    return numpy.lib.stride_tricks.as_strided(memory, elements.shape, (max(elements.stride, 0) * size, size))

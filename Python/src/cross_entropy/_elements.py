# SPDX-License-Identifier: Apache-2.0
"""The location of an argument's elements in memory."""

from __future__ import annotations

import math
from typing import Any, Dict, NamedTuple, Optional, Sequence, Tuple

import numpy
import numpy.typing

from . import _layout as layout

#: The NumPy type of each ce_type except CE_BIT. NumPy itself has no bfloat16, so its elements are two uninterpreted
#: bytes.
DTYPES: Dict[int, str] = {
    layout.CE_FLOAT32: "=f4",
    layout.CE_FLOAT64: "=f8",
    layout.CE_FLOAT16: "=f2",
    layout.CE_BFLOAT16: "|V2",
    layout.CE_BOOL: "|b1",
    layout.CE_UINT8: "|u1",
    layout.CE_INT8: "|i1",
    layout.CE_UINT16: "=u2",
    layout.CE_INT16: "=i2",
    layout.CE_UINT32: "=u4",
    layout.CE_INT32: "=i4",
    layout.CE_UINT64: "=u8",
    layout.CE_INT64: "=i8",
}
#: The size of an element in bytes for each type except CE_BIT.
SIZES: Dict[int, int] = {type: numpy.dtype(name).itemsize for type, name in DTYPES.items()}
#: The name, address and number of bytes of an array.
Extent = Tuple[str, int, int]


class Elements(NamedTuple):
    """Elements of one type that are stored in rows, and the object that keeps their memory alive."""

    address: int
    type: int
    shape: Tuple[int, ...]
    owner: object
    #: The number of elements from row to row; 0 if rows are adjacent, and CE_REPEATED if there is one row in memory.
    stride: int = 0
    bit_offset: int = 0
    #: Booleans of the same shape, or None if all elements are valid.
    validity: Optional[Elements] = None

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def place(self) -> Tuple[int, int, int]:
        """The members of a ce_array."""
        return self.address, self.type, self.bit_offset

    @property
    def byte_count(self) -> int:
        """The number of bytes from the first element to the end of the last one."""
        if self.type == layout.CE_BIT:
            return (self.bit_offset + self.size + 7) // 8
        count = self.size
        if count and self.stride:
            columns = self.shape[-1]
            count = columns + (0 if self.stride < 0 else self.stride * (count // columns - 1))
        return count * SIZES[self.type]

    def array(self) -> numpy.typing.NDArray[Any]:
        """The elements as an array, without a copy if rows are adjacent. Bits are converted to an array of bool."""
        if self.type == layout.CE_BIT:
            memory = numpy.asarray(_Memory(self, "|u1", (self.byte_count,)))
            bits = numpy.unpackbits(memory, count=self.bit_offset + self.size, bitorder="little")
            return bits[self.bit_offset :].view(numpy.bool_).reshape(self.shape)
        return numpy.asarray(_Memory(self, DTYPES[self.type], self.shape))


class _Memory:
    """An object from which NumPy makes an array. The array keeps this object alive, which keeps the memory alive."""

    def __init__(self, elements: Elements, dtype: str, shape: Tuple[int, ...]) -> None:
        self.owner = elements.owner
        self.__array_interface__ = {
            "version": 3,
            "shape": shape,
            "typestr": numpy.dtype(dtype).str,
            "data": (elements.address, True),
        }


def row_stride(shape: Sequence[int], strides: Sequence[int]) -> Optional[int]:
    """The stride of rows as in `Elements`, or None if the elements are not stored in rows.

    Parameters
    ----------
    shape, strides
        Those of an array. Strides are in elements, not bytes.
    """
    if 0 in shape:
        return 0
    expected, adjacent = 1, True
    for size, stride in zip(reversed(shape), reversed(strides)):
        adjacent = adjacent and (size == 1 or stride == expected)
        expected *= size
    if adjacent:
        return 0
    if len(shape) != 2 or (shape[1] > 1 and strides[1] != 1):
        return None
    if strides[0] == 0:
        return layout.CE_REPEATED
    return strides[0] if strides[0] >= shape[1] else None

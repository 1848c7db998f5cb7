# SPDX-License-Identifier: Apache-2.0
"""Where the elements of an argument lie in memory."""

from __future__ import annotations

import math
from typing import Any, Dict, NamedTuple, Optional, Sequence, Tuple

import numpy
import numpy.typing

from . import _layout as layout

#: The type in NumPy of each ce_type but CE_BIT. NumPy alone has no bfloat16, and two bytes stand for it.
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
#: The bytes of an element of each type but CE_BIT.
SIZES: Dict[int, int] = {type: numpy.dtype(name).itemsize for type, name in DTYPES.items()}
#: The name, address and number of bytes of an array.
Extent = Tuple[str, int, int]


class Elements(NamedTuple):
    """Elements of one type in rows, and the object that keeps their memory alive."""

    address: int
    type: int
    shape: Tuple[int, ...]
    owner: object
    #: From row to row, in elements; 0 if rows are adjacent, CE_REPEATED if all rows are the same.
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
        """The elements as an array. Adjacent rows are not copied; bits become an array of bool."""
        if self.type == layout.CE_BIT:
            memory = numpy.asarray(_Memory(self, "|u1", (self.byte_count,)))
            bits = numpy.unpackbits(memory, count=self.bit_offset + self.size, bitorder="little")
            return bits[self.bit_offset :].view(numpy.bool_).reshape(self.shape)
        return numpy.asarray(_Memory(self, DTYPES[self.type], self.shape))


class _Memory:
    """What NumPy makes an array from. The array keeps it, and it keeps the owner of the memory."""

    def __init__(self, elements: Elements, dtype: str, shape: Tuple[int, ...]) -> None:
        self.owner = elements.owner
        self.__array_interface__ = {
            "version": 3,
            "shape": shape,
            "typestr": numpy.dtype(dtype).str,
            "data": (elements.address, True),
        }


def row_stride(shape: Sequence[int], strides: Sequence[int]) -> Optional[int]:
    """The stride of rows as `Elements` has it, or None if the elements do not lie in rows.

    Parameters
    ----------
    shape, strides
        As those of an array; strides count elements.
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

# SPDX-License-Identifier: Apache-2.0
"""Arrow arrays, read through the Arrow C data interface without a copy and without another package.

A null is an element that does not count: the validity bitmap of an array becomes a mask. If a stream has several chunks
that are not empty, they are copied into one array.
"""

from __future__ import annotations

import ctypes
import os
from typing import Any, List

import numpy

from . import _layout as layout
from ._arrow_structs import ArrowArray, ArrowSchema, ArrowStream
from ._capsules import capsule_pointer
from ._elements import DTYPES, SIZES, Elements
from ._errors import CrossEntropyError
from ._roles import Role

_TYPES = {
    b"b": layout.CE_BIT,
    b"c": layout.CE_INT8,
    b"C": layout.CE_UINT8,
    b"s": layout.CE_INT16,
    b"S": layout.CE_UINT16,
    b"i": layout.CE_INT32,
    b"I": layout.CE_UINT32,
    b"l": layout.CE_INT64,
    b"L": layout.CE_UINT64,
    b"e": layout.CE_FLOAT16,
    b"f": layout.CE_FLOAT32,
    b"g": layout.CE_FLOAT64,
}


class _Released:
    """Releases an array or a schema that was received from a stream when it is no longer used."""

    def __init__(self, struct: Any) -> None:
        self.struct = struct

    def __del__(self) -> None:
        if self.struct.release:
            self.struct.release(ctypes.addressof(self.struct))


def arrow_elements(value: Any, name: str, role: Role) -> Elements:
    """The elements of an Arrow array or stream, in place if there is only one chunk."""
    if hasattr(value, "__arrow_c_array__"):
        # When the capsules are destroyed, they release the structs that they point to.
        schema, array = capsules = value.__arrow_c_array__()
        code = _code(ArrowSchema.from_address(capsule_pointer(schema, b"arrow_schema")), name, role)
        return _array_elements(ArrowArray.from_address(capsule_pointer(array, b"arrow_array")), code, capsules)
    capsule = value.__arrow_c_stream__()
    address = capsule_pointer(capsule, b"arrow_array_stream")
    stream = ArrowStream.from_address(address)
    schema = _Released(ArrowSchema())
    _check(stream.get_schema(address, schema.struct), stream, address, name)
    code = _code(schema.struct, name, role)
    chunks: List[Elements] = []
    while True:
        chunk = _Released(ArrowArray())
        _check(stream.get_next(address, chunk.struct), stream, address, name)
        if not chunk.struct.release:
            return chunks[0] if len(chunks) == 1 else _concatenated(chunks, code)
        if chunk.struct.length:
            chunks.append(_array_elements(chunk.struct, code, chunk))


def _code(schema: Any, name: str, role: Role) -> int:
    kind = b"dictionary" if schema.dictionary else schema.format
    if kind == b"+s":
        raise TypeError(
            f"{name} is a table or a struct, expected one column of it, or a matrix: pass "
            f"numpy.ascontiguousarray({name})"
        )
    code = _TYPES.get(kind)
    if code not in role.codes:
        raise TypeError(
            f"{name} has the Arrow type {kind.decode()!r}, expected {role.names}: cast it to {role.converted}"
        )
    return code


def _array_elements(array: Any, code: int, owner: object) -> Elements:
    shape, offset, bit = (int(array.length),), int(array.offset), layout.CE_BIT
    data = array.buffers[1] or 0
    validity = None
    if array.null_count != 0 and array.buffers[0]:
        validity = Elements(array.buffers[0] + offset // 8, bit, shape, owner, bit_offset=offset % 8)
    if code == bit:
        return Elements(data + offset // 8, bit, shape, owner, bit_offset=offset % 8, validity=validity)
    return Elements(data + offset * SIZES[code], code, shape, owner, validity=validity)


def _concatenated(chunks: List[Elements], code: int) -> Elements:
    dtype = "|b1" if code == layout.CE_BIT else DTYPES[code]
    array = numpy.concatenate([numpy.empty(0, dtype)] + [chunk.array() for chunk in chunks])
    validity = None
    if any(chunk.validity for chunk in chunks):
        valid = numpy.concatenate(
            [chunk.validity.array() if chunk.validity else numpy.ones(chunk.shape, bool) for chunk in chunks]
        )
        validity = Elements(valid.ctypes.data, layout.CE_BOOL, valid.shape, valid)
    return Elements(
        array.ctypes.data, layout.CE_BOOL if code == layout.CE_BIT else code, array.shape, array, validity=validity
    )


def _check(status: int, stream: Any, address: int, name: str) -> None:
    if status:
        message = stream.get_last_error(address) or os.strerror(status).encode()
        raise CrossEntropyError(f"{name} cannot be read from Arrow: {message.decode(errors='replace')}", name)

# SPDX-License-Identifier: Apache-2.0
"""Tensors of other frameworks in CPU memory, read through DLPack without a copy."""

from __future__ import annotations

import ctypes
from typing import Any

from . import _layout as layout
from ._capsules import capsule_pointer
from ._elements import SIZES, Elements, row_stride
from ._errors import CrossEntropyError
from ._roles import Role


class _Tensor(ctypes.Structure):
    """DLTensor, the first member of a DLManagedTensor."""

    _fields_ = [
        ("data", ctypes.c_void_p),
        ("device_type", ctypes.c_int32),
        ("device_id", ctypes.c_int32),
        ("axis_count", ctypes.c_int32),
        ("type_code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    ]


#: kDLCPU, and host memory that is pinned by CUDA or ROCm.
_DEVICES = (1, 3, 11)
#: The ce_type of a type code and a number of bits.
_TYPES = {
    (0, 8): layout.CE_INT8,
    (0, 16): layout.CE_INT16,
    (0, 32): layout.CE_INT32,
    (0, 64): layout.CE_INT64,
    (1, 8): layout.CE_UINT8,
    (1, 16): layout.CE_UINT16,
    (1, 32): layout.CE_UINT32,
    (1, 64): layout.CE_UINT64,
    (2, 16): layout.CE_FLOAT16,
    (2, 32): layout.CE_FLOAT32,
    (2, 64): layout.CE_FLOAT64,
    (4, 16): layout.CE_BFLOAT16,
    (6, 8): layout.CE_BOOL,
}


def dlpack_elements(value: Any, name: str, role: Role) -> Elements:
    """The elements of a tensor in place. A tensor that requires a gradient is detached."""
    if int(value.__dlpack_device__()[0]) not in _DEVICES:
        raise TypeError(f"{name} is not in the memory of the CPU: pass a copy that is, such as {name}.cpu()")
    if getattr(value, "requires_grad", False):
        value = value.detach()
    # The capsule is not renamed to `used_dltensor`, so it releases the tensor when it is destroyed.
    capsule = value.__dlpack__()
    tensor = _Tensor.from_address(capsule_pointer(capsule, b"dltensor"))
    code = _TYPES.get((tensor.type_code, tensor.bits)) if tensor.lanes == 1 else None
    if code not in role.codes:
        raise TypeError(f"{name} has dtype {value.dtype}, expected {role.names}: convert it to {role.converted}")
    shape = tuple(tensor.shape[: tensor.axis_count])
    stride = row_stride(shape, tensor.strides[: tensor.axis_count]) if tensor.strides else 0
    if stride is None or (stride and not role.in_rows):
        raise CrossEntropyError(
            f"{name} has shape {shape} and strides of {tuple(tensor.strides[: len(shape)])} elements, expected "
            f"elements that are adjacent in memory{', or a matrix of such rows' * role.in_rows}: pass "
            f"{name}.contiguous()",
            name,
        )
    address = (tensor.data or 0) + tensor.byte_offset
    if address % SIZES[code]:
        raise CrossEntropyError(f"{name} is not aligned to its elements in memory: pass a copy", name)
    return Elements(address, code, shape, capsule, stride)

# SPDX-License-Identifier: Apache-2.0
"""The pointers in Python capsules."""

from __future__ import annotations

import ctypes
from typing import Any

#: The address in a capsule, which must have the given name. The call holds the GIL.
capsule_pointer: Any = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)

# SPDX-License-Identifier: Apache-2.0
"""What capsules of Python point to."""

from __future__ import annotations

import ctypes
from typing import Any

#: The address in a capsule, of the name that it must have. The GIL is held during the call.
capsule_pointer: Any = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)

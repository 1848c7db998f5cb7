# SPDX-License-Identifier: Apache-2.0
"""The types that each argument may have."""

from __future__ import annotations

from typing import Any, Dict, Optional

import numpy

from . import _layout as layout

#: The types that NumPy itself has. bfloat16 is defined by other packages, and is added to a role when an array has it.
_NUMPY_TYPES: Dict[str, int] = {
    "float16": layout.CE_FLOAT16,
    "float32": layout.CE_FLOAT32,
    "float64": layout.CE_FLOAT64,
    "bool": layout.CE_BOOL,
    "int8": layout.CE_INT8,
    "int16": layout.CE_INT16,
    "int32": layout.CE_INT32,
    "int64": layout.CE_INT64,
    "uint8": layout.CE_UINT8,
    "uint16": layout.CE_UINT16,
    "uint32": layout.CE_UINT32,
    "uint64": layout.CE_UINT64,
}


class Role:
    """The purpose of an argument, which determines the types that it may have.

    Attributes
    ----------
    types : dict
        The ce_type of each dtype. A dtype of another byte order is not among them.
    codes : frozenset of int
        Every ce_type that is allowed, whether or not NumPy has it.
    converted : numpy.dtype
        The type to which lists of other numbers are converted, for example weights that are given as integers.
    in_rows : bool
        Whether there may be gaps between the rows of a matrix.
    """

    def __init__(
        self, names: str, converted: str, bfloat16: bool = False, bits: bool = False, in_rows: bool = False
    ) -> None:
        self.in_rows = in_rows
        all_names = names.split() + ["bfloat16"] * bfloat16
        #: The types, as they are listed in an error message.
        self.names = " or ".join(filter(None, [", ".join(all_names[:-1]), all_names[-1]]))
        self.converted = numpy.dtype(converted)
        #: The same in a message, as code. It is numpy.bool_ in NumPy 1, which has no numpy.bool.
        self.advised = f"numpy.{self.converted.type.__name__}"
        self.types: Dict[numpy.dtype[Any], int] = {numpy.dtype(name): _NUMPY_TYPES[name] for name in names.split()}
        self.codes = frozenset([*self.types.values()] + [layout.CE_BFLOAT16] * bfloat16 + [layout.CE_BIT] * bits)

    def type_of(self, dtype: numpy.dtype[Any]) -> Optional[int]:
        """The ce_type of a dtype, or None if it is not allowed."""
        code = self.types.get(dtype)
        if code is None and dtype.name == "bfloat16" and layout.CE_BFLOAT16 in self.codes:
            code = self.types[dtype] = layout.CE_BFLOAT16
        return code


PREDICTIONS = Role("float16 float32 float64", "float64", bfloat16=True, in_rows=True)
#: Predictions of functions that do not distinguish rows, and so do not accept gaps between them.
LINKED = Role("float16 float32 float64", "float64", bfloat16=True)
TARGETS = Role(" ".join(_NUMPY_TYPES), "float64", bfloat16=True, bits=True, in_rows=True)
WEIGHTS = Role("float32 float64", "float64")
MASK = Role("bool uint8", "bool", bits=True)
GROUPS = Role("uint8 uint16 uint32 int32 int64", "int64")
#: The numbers of the groups into which other groups are merged.
GROUP_NUMBERS = Role("int64", "int64")

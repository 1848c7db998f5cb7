# SPDX-License-Identifier: Apache-2.0
"""Finds the C library, and declares its functions.

``ctypes.CDLL`` releases the GIL during each call. The library stores a separate error for each system thread, and each
Python thread is a system thread, so another thread cannot replace an error before it is read.
"""

from __future__ import annotations

import ctypes
import os
import pathlib
from typing import Any, Callable

from ._layout import Error

NAME = "libcross_entropy.so.1"
VARIABLE = "CROSS_ENTROPY_LIBRARY"


def _load() -> ctypes.CDLL:
    path = os.environ.get(VARIABLE) or str(pathlib.Path(__file__).with_name(NAME))
    try:
        return ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(
            f"the library {path} cannot be loaded ({error}); wheels of cross_entropy contain {NAME}, and the "
            f"environment variable {VARIABLE} may name another one"
        ) from error


_library = _load()


def _function(name: str, signature: str) -> Callable[..., Any]:
    """A function that returns a status. ``p`` is any pointer: None, bytes, an address or ``byref``."""
    types = {"p": ctypes.c_void_p, "i": ctypes.c_int32, "q": ctypes.c_int64, "d": ctypes.c_double, "z": ctypes.c_size_t}
    function = getattr(_library, name)
    function.argtypes = [types[letter] for letter in signature]
    function.restype = ctypes.c_int32
    return function  # type: ignore[no-any-return]


def _destructor(name: str) -> Callable[[int], None]:
    function = getattr(_library, name)
    function.argtypes = [ctypes.c_void_p]
    function.restype = None
    return function  # type: ignore[no-any-return]


_library.ce_last_error.argtypes = []
_library.ce_last_error.restype = ctypes.POINTER(Error)
ce_last_error: Callable[[], Any] = _library.ce_last_error

_library.ce_version.argtypes = []
_library.ce_version.restype = ctypes.c_char_p
version: str = _library.ce_version().decode()

ce_options_of = _function("ce_options_of", "ip")

ce_loss = _function("ce_loss", "ppp")
ce_losses = _function("ce_losses", "pppq")
ce_gradient = _function("ce_gradient", "ppdppqp")
ce_row_losses = _function("ce_row_losses", "ppipqdpq")
ce_column_losses = _function("ce_column_losses", "ppipqdpq")
ce_loss_report = _function("ce_loss_report", "ppp")
ce_probabilities = _function("ce_probabilities", "ipqpi")
ce_logits = _function("ce_logits", "ipqpi")

ce_accumulator_create = _function("ce_accumulator_create", "ip")
ce_accumulator_destroy = _destructor("ce_accumulator_destroy")
ce_accumulator_add = _function("ce_accumulator_add", "ppp")
ce_accumulator_merge = _function("ce_accumulator_merge", "pp")
ce_accumulator_totals = _function("ce_accumulator_totals", "pp")
ce_accumulator_report = _function("ce_accumulator_report", "pip")
ce_accumulator_serialize = _function("ce_accumulator_serialize", "ppqp")
ce_accumulator_deserialize = _function("ce_accumulator_deserialize", "pqp")

ce_groups_create = _function("ce_groups_create", "qp")
ce_groups_destroy = _destructor("ce_groups_destroy")
ce_groups_extend = _function("ce_groups_extend", "pq")
ce_groups_add = _function("ce_groups_add", "pppipq")
ce_groups_merge = _function("ce_groups_merge", "pppq")
ce_groups_count = _function("ce_groups_count", "ppp")
ce_groups_losses = _function("ce_groups_losses", "pqqzp")
ce_groups_serialize = _function("ce_groups_serialize", "ppqp")
ce_groups_deserialize = _function("ce_groups_deserialize", "pqp")

ce_evaluation_create = _function("ce_evaluation_create", "qp")
ce_evaluation_destroy = _destructor("ce_evaluation_destroy")
ce_evaluation_add = _function("ce_evaluation_add", "ppp")
ce_evaluation_merge = _function("ce_evaluation_merge", "pp")
ce_evaluation_measures = _function("ce_evaluation_measures", "pp")
ce_evaluation_bins = _function("ce_evaluation_bins", "pizpqp")
ce_evaluation_serialize = _function("ce_evaluation_serialize", "ppqp")
ce_evaluation_deserialize = _function("ce_evaluation_deserialize", "pqp")

# SPDX-License-Identifier: Apache-2.0
"""Any argument that has numbers, in place where that is possible."""

from __future__ import annotations

from typing import Any

import numpy

from ._arrays import Array, array_elements
from ._arrow import arrow_elements
from ._dlpack import dlpack_elements
from ._elements import Elements
from ._errors import CrossEntropyError
from ._roles import MASK, Role


def elements_of(value: Any, name: str, role: Role) -> Elements:
    """The elements of an argument.

    What says that its dtype is one of NumPy is read by ``numpy.asarray``: a pandas.Series of a NumPy dtype would turn
    its NaNs into nulls if it were read through Arrow.
    """
    if type(value) is numpy.ndarray:
        return array_elements(value, name, role)
    if isinstance(value, numpy.ma.MaskedArray):
        # Both are copied if they are not adjacent: numpy.ascontiguousarray, which the caller would use, drops the mask.
        valid = array_elements(numpy.ascontiguousarray(~numpy.ma.getmaskarray(value)), name, MASK)
        return array_elements(numpy.ascontiguousarray(value.data), name, role)._replace(validity=valid)
    if not isinstance(getattr(value, "dtype", None), numpy.dtype):
        if hasattr(value, "__arrow_c_array__") or hasattr(value, "__arrow_c_stream__"):
            return arrow_elements(value, name, role)
        if hasattr(value, "__dlpack__"):
            return dlpack_elements(value, name, role)
        if not hasattr(value, "__array__"):
            return array_elements(_converted(value, name, role), name, role)
    return array_elements(_as_array(value, name), name, role)


def without_nulls(elements: Elements, name: str) -> Elements:
    """The same elements, or an error if some are null where each number is needed."""
    if elements.validity is not None and not elements.validity.array().all():
        raise CrossEntropyError(f"{name} has nulls, expected a number for each element: fill them first", name)
    return elements


def _converted(value: Any, name: str, role: Role) -> Array:
    """A list, a tuple or a number as an array. Python's int has no size, so that it may become any type."""
    array = _as_array(value, name)
    if array.dtype.kind in "biuf" and array.dtype not in role.types and (role is not MASK or array.dtype.kind in "iu"):
        return array.astype(role.converted)
    if not array.size and isinstance(value, (list, tuple)):
        return array.astype(role.converted)
    if array.dtype == object:
        # A list does not have the method astype, which the error for an array says to call.
        raise TypeError(f"{name} has dtype object, expected {role.names}: pass numpy.asarray({name}, {role.advised})")
    return array


def _as_array(value: Any, name: str) -> Array:
    """What NumPy makes of a value, unless that is only a box for it, as for a generator or a sparse matrix of SciPy."""
    try:
        array = numpy.asarray(value)
    except ValueError as error:
        raise CrossEntropyError(f"{name} cannot become an array: {error}", name) from error
    if array.dtype == object and not array.ndim:
        raise TypeError(f"{name} is {type(value).__name__}, expected an array, a list or a number")
    return array

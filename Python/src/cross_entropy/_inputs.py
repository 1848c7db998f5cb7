# SPDX-License-Identifier: Apache-2.0
"""Reads any argument that contains numbers, in place if possible."""

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

    A value with a NumPy dtype is read by ``numpy.asarray``, even if it also has the Arrow interface: a pandas.Series
    with a NumPy dtype would convert its NaNs to nulls if it were read through Arrow.
    """
    if type(value) is numpy.ndarray:
        return array_elements(value, name, role)
    if isinstance(value, numpy.ma.MaskedArray):
        # The data and the mask are copied if they are not adjacent. Other arrays give an error that tells the caller to
        # use numpy.ascontiguousarray, but that would drop the mask.
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
    """The same elements. Raises an error if some of them are null."""
    if elements.validity is not None and not elements.validity.array().all():
        raise CrossEntropyError(f"{name} has nulls, expected a number for each element: fill them first", name)
    return elements


def _converted(value: Any, name: str, role: Role) -> Array:
    """A list, a tuple or a number as an array. Python's int has no fixed size, so it may be converted to any type."""
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

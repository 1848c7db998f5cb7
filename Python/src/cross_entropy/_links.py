# SPDX-License-Identifier: Apache-2.0
"""Conversions between logits and probabilities."""

from __future__ import annotations

from typing import Any, Callable, Optional

import numpy.typing

from . import _layout as layout
from ._batch import FLOAT32, FLOAT64
from ._errors import raise_last_error
from ._inputs import elements_of, without_nulls
from ._library import ce_logits, ce_probabilities
from ._outputs import output
from ._packing import thread_limit
from ._roles import LINKED
from ._types import Numbers

Array = numpy.typing.NDArray[Any]


def probabilities(*, logits: Numbers, out: Optional[Array] = None, threads: Optional[int] = None) -> Array:
    """The probability 1 / (1 + e^-x) of each logit x.

    Parameters
    ----------
    logits : array_like
        Numbers as for `loss`, but without gaps between rows and without nulls.
    out : numpy.ndarray, optional
        The array to which the results are written. It has the shape of the input, and is float64 if the input is
        float64 and otherwise float32. It may be the input array itself, but must not overlap a part of it.
    threads : int, optional
        The largest number of threads.

    Returns
    -------
    numpy.ndarray
        `out`, or a new array.
    """
    return _linked(ce_probabilities, logits, "logits", out, threads)


def logits(*, probabilities: Numbers, out: Optional[Array] = None, threads: Optional[int] = None) -> Array:
    """The logit ln p - ln(1 - p) of each probability p; NaN for numbers outside [0, 1].

    Parameters
    ----------
    probabilities, out, threads
        As for the function `probabilities`, with probabilities as the input.

    Returns
    -------
    numpy.ndarray
        `out`, or a new array.
    """
    return _linked(ce_logits, probabilities, "probabilities", out, threads)


def _linked(
    function: Callable[..., int], value: Numbers, name: str, out: Optional[Array], threads: Optional[int]
) -> Array:
    elements = without_nulls(elements_of(value, name, LINKED), name)
    dtype = FLOAT64 if elements.type == layout.CE_FLOAT64 else FLOAT32
    extent = (name, elements.address, elements.byte_count)
    in_place = out is not None and out is value
    out, (_, address, _) = output(out, "out", elements.shape, (dtype,), lambda: [] if in_place else [extent])
    if function(elements.type, elements.address, elements.size, address, thread_limit(threads)):
        raise_last_error(elements.shape)
    return out

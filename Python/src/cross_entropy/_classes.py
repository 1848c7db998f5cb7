# SPDX-License-Identifier: Apache-2.0
"""Determines which samples belong to the positive one of two classes."""

from __future__ import annotations

import warnings
from typing import Any, NoReturn, Optional, Tuple

import numpy
import numpy.typing

from ._errors import CrossEntropyError

Array = numpy.typing.NDArray[Any]


def positive_samples(
    y_true: numpy.typing.ArrayLike, labels: Optional[numpy.typing.ArrayLike], count: int
) -> numpy.typing.NDArray[numpy.bool_]:
    """Whether each sample has the greater one of two classes.

    Parameters
    ----------
    y_true
        The class of each sample.
    labels
        The two classes, or None if they are the classes in `y_true`.
    count
        The expected number of samples.
    """
    samples = numpy.asarray(y_true)
    if samples.ndim == 2 and samples.shape[1] == 1:
        samples = samples[:, 0]
    if samples.shape != (count,):
        raise CrossEntropyError(
            f"y_true has shape {samples.shape}, expected {(count,)}, one class for each row of y_pred", "y_true"
        )
    if samples.dtype.kind == "f":
        # scikit-learn calls other floats continuous targets, and rejects them, too.
        whole = samples == numpy.floor(samples)
        if not whole.all():
            refuse_element(samples, whole, "y_true", "a class: a whole number, a string or a boolean")
    try:
        negative, positive = _two_classes(samples) if labels is None else _declared_classes(labels)
        is_positive = samples == positive
        known = (samples == negative) | is_positive
    except TypeError as error:
        # Whether pandas.NA equals a class is neither true nor false, and None has no order among strings.
        raise CrossEntropyError(f"y_true has samples that cannot be compared: {error}", "y_true") from error
    if not numpy.all(known):
        refuse_element(samples, known, "y_true", f"{negative} or {positive}: only two classes are supported")
    return numpy.asarray(is_positive, dtype=bool)


def _two_classes(samples: Array) -> Tuple[Any, Any]:
    """The first two classes in the samples. ``numpy.unique`` would have to sort all samples."""
    first = samples[0]
    is_other = samples != first
    if not numpy.any(is_other):
        raise CrossEntropyError(
            f"y_true has only one class, {first}, expected two: pass both of them as labels", "y_true"
        )
    negative, positive = sorted((first, samples[numpy.argmax(is_other)]))
    return negative, positive


def _declared_classes(labels: numpy.typing.ArrayLike) -> Tuple[Any, Any]:
    declared = numpy.asarray(labels)
    classes = numpy.unique(declared)
    if len(classes) != 2:
        names = ", ".join(map(str, classes[:10].tolist()))
        raise CrossEntropyError(f"labels has {len(classes)} classes ({names}), expected two", "labels")
    if not numpy.array_equal(classes, declared):
        warnings.warn(
            f"labels are taken in the order {classes.tolist()}, which is also that of the columns of y_pred",
            UserWarning,
            stacklevel=4,
        )
    return classes[0], classes[1]


def refuse_element(array: Array, is_allowed: Array, name: str, expected: str) -> NoReturn:
    """Raise an error about the first element that is not allowed."""
    index = int(numpy.argmin(is_allowed))
    place = ", ".join(str(int(axis)) for axis in numpy.unravel_index(index, array.shape))
    value = array.flat[index]
    number = float(value) if array.dtype.kind in "fiu" else None
    raise CrossEntropyError(f"{name}[{place}] is {value}, expected {expected}", name, index, number)

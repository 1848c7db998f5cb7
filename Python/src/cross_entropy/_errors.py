# SPDX-License-Identifier: Apache-2.0
"""The exception for bad input."""

from __future__ import annotations

import math
from typing import NoReturn, Optional, Tuple

from ._library import ce_last_error


class CrossEntropyError(ValueError):
    """An argument or option is invalid.

    Attributes
    ----------
    argument : str
        The name of the argument or option.
    index : int or None
        The index of the invalid element, in row-major order, or None if the error does not concern one element.
    value : float or None
        The invalid value, or None if there is none.
    """

    def __init__(
        self, message: str, argument: str = "", index: Optional[int] = None, value: Optional[float] = None
    ) -> None:
        super().__init__(message)
        self.argument = argument
        self.index = index
        self.value = value


#: Members of ce_options, and the Python options that set them.
_OPTIONS = {
    "missing_value": "missing_targets",
    "clipping_value": "clipping",
    "gradient_value": "probability_gradient",
}
_OF_ELEMENTS = ("logits", "probabilities", "targets")


def raise_last_error(shape: Tuple[int, ...] = ()) -> NoReturn:
    """Raise the error of the last library call that failed in this thread.

    Parameters
    ----------
    shape
        The shape of the predictions. If it has several axes, a message about an element also has the index along each
        axis.
    """
    error = ce_last_error().contents
    member, message = error.argument.decode(), error.message.decode()
    argument = _OPTIONS.get(member, member)
    message = argument + message[len(member) :] if message.startswith(member) else message
    index = None if error.index < 0 else int(error.index)
    element = f"{argument}[{index}]"
    if len(shape) > 1 and argument in _OF_ELEMENTS and message.startswith(element):
        message = f"{argument}[{_place(int(error.index), shape)}], element {index}, {message[len(element) :].lstrip()}"
    raise CrossEntropyError(message, argument, index, None if math.isnan(error.value) else error.value)


def _place(index: int, shape: Tuple[int, ...]) -> str:
    """The index along each axis. ``numpy.unravel_index`` is not used because its results print as ``np.int64(2)``."""
    places = []
    for size in reversed(shape):
        index, place = divmod(index, size)
        places.append(str(place))
    return ", ".join(reversed(places))

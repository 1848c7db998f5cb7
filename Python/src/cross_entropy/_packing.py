# SPDX-License-Identifier: Apache-2.0
"""Packs options into the struct of the C library.

The library checks the numbers. This module checks only what is possible in Python but not in C, such as types.
"""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any, Dict

from . import _layout as layout
from ._errors import CrossEntropyError
from ._rules import CLIPPINGS, GRADIENTS, Clipping, ProbabilityGradient

if TYPE_CHECKING:
    from ._options import Options

REDUCTIONS = {"mean": 0, "sum": 1, "weighted-mean": 2}
_NEVER, _NAN, _VALUE = range(3)


def packed_options(options: Options) -> bytes:
    """The bytes of a ce_options."""
    clipping = _instance(options.clipping, "clipping", Clipping)
    gradient = _instance(options.probability_gradient, "probability_gradient", ProbabilityGradient)
    missing = None if options.missing_targets is None else number(options.missing_targets, "missing_targets")
    return layout.OPTIONS.pack(
        layout.OPTIONS.size,
        choice(options.reduction, "reduction", REDUCTIONS),
        choice(clipping.rule, "clipping", CLIPPINGS),
        number(clipping.value, "clipping"),
        number(options.label_smoothing, "label_smoothing"),
        number(options.positive_weight, "positive_weight"),
        number(options.focal_gamma, "focal_gamma"),
        _alpha(options),
        _NEVER if missing is None else _NAN if math.isnan(missing) else _VALUE,
        choice(gradient.rule, "probability_gradient", GRADIENTS),
        0.0 if missing is None or math.isnan(missing) else missing,
        number(gradient.value, "probability_gradient"),
        0 if options.check_domains else 1,
        thread_limit(options.threads),
    )


def choice(value: str, name: str, choices: Dict[str, int]) -> int:
    """The number of a name. Raises an error that lists all names if it is unknown."""
    if value not in choices:
        raise CrossEntropyError(f"{name} is {value!r}, expected one of {', '.join(map(repr, choices))}", name)
    return choices[value]


def number(value: Any, name: str) -> float:
    """A number as a float. Raises an error that contains its name if it is not a number."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} is {value!r}, expected a number") from None


def count_of(value: Any, name: str) -> int:
    """A whole number that fits into 64 bits. Without this check, ctypes would silently use the lowest 64 bits."""
    try:
        count = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} is {value!r}, expected a whole number") from None
    if not -(2**63) <= count < 2**63:
        raise CrossEntropyError(f"{name} is {count}, expected a number of 64 bits", name, value=float(count))
    return count


def thread_limit(threads: Any) -> int:
    """The value of `threads` for the C library, where 0 means that the library chooses."""
    if threads is None:
        return 0
    limit = count_of(threads, "threads")
    if limit < 1:
        raise CrossEntropyError(f"threads is {limit}, expected 1 or more, or None", "threads", value=limit)
    return min(limit, 2**31 - 1)


def _alpha(options: Options) -> float:
    if options.focal_alpha is None:
        return layout.CE_NO_ALPHA
    alpha = number(options.focal_alpha, "focal_alpha")
    if alpha == layout.CE_NO_ALPHA:
        raise CrossEntropyError(
            "focal_alpha is -1, expected a number in [0, 1], or None for none", "focal_alpha", value=-1
        )
    return alpha


def _instance(value: Any, name: str, kind: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {value!r}, expected a cross_entropy.{kind.__name__}")
    return value

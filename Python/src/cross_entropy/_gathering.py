# SPDX-License-Identifier: Apache-2.0
"""The arrays of a batch by name, with one number for each element, row or column."""

from __future__ import annotations

import dataclasses
import math
from typing import Dict, List, Tuple

import numpy

from . import _layout as layout
from ._elements import Elements
from ._errors import CrossEntropyError
from ._inputs import elements_of, without_nulls
from ._options import Options
from ._roles import MASK, PREDICTIONS, TARGETS, WEIGHTS
from ._types import BatchArrays

#: The members of a ce_batch after the strides, in their order.
MEMBERS = ("weights", "row_weights", "column_weights", "positive_weights", "positive_column_weights", "mask")


def gather(arrays: BatchArrays) -> Tuple[str, Dict[str, Elements]]:
    """The name of the predictions, and every array that was given. Nulls are included in the mask."""
    values = {name: value for name, value in arrays.items() if value is not None}
    for name in values:
        if name not in BatchArrays.__annotations__:
            raise _unexpected(name)
    if ("logits" in values) == ("probabilities" in values) or "targets" not in values:
        raise TypeError("expected targets, and either logits or probabilities")
    predictions_name = "logits" if "logits" in values else "probabilities"
    predictions = elements_of(values[predictions_name], predictions_name, PREDICTIONS)
    found: Dict[str, Elements] = {predictions_name: predictions}
    for name in ("targets", *MEMBERS):
        if name in values:
            role = TARGETS if name == "targets" else MASK if name == "mask" else WEIGHTS
            found[name] = elements_of(values[name], name, role)
            _check(found[name], name, predictions, predictions_name)
    masks = [elements.validity for elements in found.values() if elements.validity is not None]
    if masks:
        found["mask"] = _all_true(masks + ([found["mask"]] if "mask" in found else []))
    return predictions_name, found


def _unexpected(name: str) -> TypeError:
    if any(name == option.name for option in dataclasses.fields(Options) if option.init):
        return TypeError(f"{name} is no argument, but an option: pass options=cross_entropy.Options({name}=...)")
    return TypeError(f"unexpected keyword argument {name!r}, expected {', '.join(BatchArrays.__annotations__)}")


def _check(elements: Elements, name: str, predictions: Elements, predictions_name: str) -> None:
    """Check that there is one number for each element, row or column."""
    shape = predictions.shape
    if "row" not in name and "column" not in name:
        if elements.shape != shape:
            raise CrossEntropyError(
                f"{name} has shape {elements.shape}, expected that of {predictions_name}, {shape}", name
            )
        return
    what, count = ("row", math.prod(shape[:-1])) if "row" in name else ("column", math.prod(shape[-1:]))
    if elements.size != count:
        raise CrossEntropyError(f"{name} has {elements.size} numbers, expected {count}, one for each {what}", name)
    without_nulls(elements, name)


def _all_true(masks: List[Elements]) -> Elements:
    """A mask of the elements for which all masks are true. A single mask is used in place."""
    if len(masks) == 1:
        return masks[0]._replace(validity=None)
    both = numpy.logical_and.reduce([mask.array() != 0 for mask in masks])
    return Elements(both.ctypes.data, layout.CE_BOOL, both.shape, both)

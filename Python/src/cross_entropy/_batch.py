# SPDX-License-Identifier: Apache-2.0
"""Predictions and targets with their weights and mask, packed as the C library takes them."""

from __future__ import annotations

from typing import Any, List, Mapping, Optional, Tuple

import numpy

from . import _layout as layout
from ._arrays import address_of, adjacent_address
from ._elements import Elements, Extent
from ._gathering import MEMBERS, gather
from ._roles import PREDICTIONS, TARGETS
from ._types import BatchArrays

FLOAT32 = numpy.dtype(numpy.float32)
FLOAT64 = numpy.dtype(numpy.float64)
_NO_ARRAY = (0, layout.CE_NONE, 0)
_OF_ROWS = {"row_weights", "column_weights", "positive_column_weights"}


class Batch:
    """A ce_batch. It is valid as long as this object and the arguments from which it was made exist."""

    __slots__ = ("packed", "shape", "result", "arrays")

    def __init__(
        self,
        packed: bytes,
        shape: Tuple[int, ...],
        result: numpy.dtype[Any],
        arrays: Mapping[str, Any],
    ) -> None:
        self.packed = packed
        self.shape = shape
        #: The dtype of losses and derivatives.
        self.result = result
        #: Each array by name, as `Elements` or as a NumPy array.
        self.arrays = arrays

    def extents(self) -> List[Extent]:
        """The memory that the arrays occupy."""
        return [
            (
                (name, array.address, array.byte_count)
                if isinstance(array, Elements)
                else (name, address_of(array), array.nbytes)
            )
            for name, array in self.arrays.items()
        ]


def make_batch(arrays: BatchArrays, by_rows: bool = False) -> Batch:
    """Make a batch from the keyword arguments of a function.

    Parameters
    ----------
    arrays
        The arguments. Those that are None are ignored.
    by_rows
        Whether the function distinguishes rows and columns. Otherwise, adjacent elements are treated as one row.
    """
    batch = None if len(arrays) > 2 or by_rows else _plain_batch(arrays)
    return _general_batch(arrays, by_rows) if batch is None else batch


def _plain_batch(arrays: BatchArrays) -> Optional[Batch]:
    """The batch of two NumPy arrays with adjacent elements, or None if the arguments are anything else.

    This is for small batches: it takes a fifth of the time of `_general_batch`, which also raises errors for bad input.
    """
    logits = arrays.get("logits")
    predictions = arrays.get("probabilities") if logits is None else logits
    targets = arrays.get("targets")
    if type(predictions) is not numpy.ndarray or type(targets) is not numpy.ndarray:
        return None
    shape = predictions.shape
    prediction_type = PREDICTIONS.types.get(predictions.dtype)
    target_type = TARGETS.types.get(targets.dtype)
    if prediction_type is None or target_type is None or shape != targets.shape:
        return None
    address, target_address = adjacent_address(predictions), adjacent_address(targets)
    if address is None or target_address is None:
        return None
    domain = layout.CE_PROBABILITIES if logits is None else layout.CE_LOGITS
    return Batch(
        layout.PLAIN_BATCH.pack(
            layout.BATCH.size, domain, 0, predictions.size, 0, address, prediction_type, target_address, target_type
        ),
        shape,
        FLOAT64 if prediction_type == layout.CE_FLOAT64 else FLOAT32,
        arrays,
    )


def _general_batch(arrays: BatchArrays, by_rows: bool) -> Batch:
    name, found = gather(arrays)
    predictions, targets = found[name], found["targets"]
    shape = predictions.shape
    in_rows = by_rows or predictions.stride or targets.stride or not _OF_ROWS.isdisjoint(found)
    members: List[int] = []
    for member in MEMBERS:
        members += found[member].place if member in found else _NO_ARRAY
    return Batch(
        layout.BATCH.pack(
            layout.BATCH.size,
            layout.CE_LOGITS if name == "logits" else layout.CE_PROBABILITIES,
            0,
            predictions.size,
            shape[-1] if in_rows and shape else 0,
            *predictions.place,
            *targets.place,
            predictions.stride,
            targets.stride,
            *members,
        ),
        shape,
        FLOAT64 if predictions.type == layout.CE_FLOAT64 else FLOAT32,
        found,
    )

# SPDX-License-Identifier: Apache-2.0
"""Sums of losses over batches, shards or machines."""

from __future__ import annotations

import ctypes
import dataclasses
from typing import TYPE_CHECKING, Optional

from . import _library as library
from . import _layout as layout
from ._batch import make_batch
from ._errors import raise_last_error
from ._objects import LibraryObject, Summary
from ._options import Options, packed
from ._packing import REDUCTIONS, choice
from ._report import LossReport, empty_report, read_report
from ._signature import takes_arrays
from ._types import BatchArrays

if TYPE_CHECKING:
    from typing_extensions import Unpack


@dataclasses.dataclass(frozen=True)
class Totals:
    """All results of an `Accumulator`, read at the same moment.

    Attributes
    ----------
    count : int
        The number of elements that count.
    sum : float
        The sum of the weighted losses in nats.
    weight_sum : float
        The sum of the weights; the count if there are no weights.
    mean, weighted_mean : float
        The sum divided by the count, and by the sum of the weights; NaN if there are no elements.
    """

    count: int
    sum: float
    weight_sum: float
    mean: float
    weighted_mean: float


class Accumulator(LibraryObject):
    """The loss of everything that is added, in any number of batches.

    Sums are exact until they are read, so results have the same bits for any order in which batches are added and
    accumulators are merged. Copies and pickles are exact, too.

    Parameters
    ----------
    keeps_report : bool
        Whether `report` will be called. Adding then takes about five times as long.
    """

    _destroy = library.ce_accumulator_destroy
    _serialize = library.ce_accumulator_serialize
    _deserialize = library.ce_accumulator_deserialize

    def __init__(self, keeps_report: bool = False) -> None:
        self._create(library.ce_accumulator_create, bool(keeps_report))

    @takes_arrays
    def add(self, *, options: Optional[Options] = None, **arrays: Unpack[BatchArrays]) -> None:
        """Add the losses of a batch. If an error is raised, nothing is added.

        The reduction of the options has no effect.

        Parameters
        ----------
        **arrays, options
            As for `loss`.
        """
        batch = make_batch(arrays)
        if library.ce_accumulator_add(self._handle, packed(options), batch.packed):
            raise_last_error(batch.shape)

    def merge(self, other: Accumulator) -> None:
        """Add the sums of another accumulator, which may be this one.

        Afterwards, no report is available if the other accumulator has elements and keeps no report.
        """
        if library.ce_accumulator_merge(self._handle, self._same_kind(other)._handle):
            raise_last_error()

    def totals(self) -> Totals:
        """All results, read at the same moment even if other threads are adding batches."""
        memory = ctypes.create_string_buffer(layout.TOTALS.pack(layout.TOTALS.size, 0, *[0.0] * 4), layout.TOTALS.size)
        if library.ce_accumulator_totals(self._handle, memory):
            raise_last_error()
        return Totals(*layout.TOTALS.unpack(memory)[1:])

    count = Summary[int]("The number of elements that count.", totals)
    sum = Summary[float]("The sum of the weighted losses in nats.", totals)
    weight_sum = Summary[float]("The sum of the weights; the count if there are no weights.", totals)
    mean = Summary[float]("The sum divided by the count; NaN if there are no elements.", totals)
    weighted_mean = Summary[float]("The sum divided by the sum of the weights; NaN if there are no elements.", totals)

    def report(self, reduction: str = "mean") -> LossReport:
        """The loss with its standard error and counts. This requires an accumulator with ``keeps_report=True``."""
        memory = empty_report()
        if library.ce_accumulator_report(self._handle, choice(reduction, "reduction", REDUCTIONS), memory):
            raise_last_error()
        return read_report(memory)

    def __repr__(self) -> str:
        return f"<Accumulator: {self.totals()}>"

    def __iadd__(self, other: Accumulator) -> Accumulator:
        if not isinstance(other, Accumulator):
            return NotImplemented
        self.merge(other)
        return self

    def __add__(self, other: Accumulator) -> Accumulator:
        if not isinstance(other, Accumulator):
            return NotImplemented
        both = self.from_bytes(self.to_bytes())
        both.merge(other)
        return both

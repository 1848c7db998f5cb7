# SPDX-License-Identifier: Apache-2.0
"""How well predictions fit their targets: log loss, calibration and discrimination."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Optional

import numpy
import numpy.typing

from . import _layout as layout
from . import _library as library
from ._arrays import address_of
from ._batch import make_batch
from ._errors import raise_last_error
from ._measures import Measures
from ._objects import LibraryObject, Summary
from ._options import Options, packed
from ._packing import count_of
from ._signature import takes_arrays
from ._types import BatchArrays

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Evaluation(LibraryObject):
    """Measures of how well predictions fit their targets, over any number of batches, in one pass.

    An evaluation takes 1.8 MB of memory. Results have the same bits for any order in which batches are added. Copies
    and pickles are exact.

    Parameters
    ----------
    bin_count : int
        The number of bins of equal width in probability, from 1 to 1,000.
    """

    _destroy = library.ce_evaluation_destroy
    _serialize = library.ce_evaluation_serialize
    _deserialize = library.ce_evaluation_deserialize

    def __init__(self, bin_count: int = 10) -> None:
        self._create(library.ce_evaluation_create, count_of(bin_count, "bin_count"))

    @takes_arrays
    def add(self, *, options: Optional[Options] = None, **arrays: Unpack[BatchArrays]) -> None:
        """Add a batch. A call takes at least 50 microseconds, so a batch should have at least ten thousand elements.

        If an error is raised, nothing is added.

        Parameters
        ----------
        **arrays, options
            As for `loss`.
        """
        batch = make_batch(arrays)
        if library.ce_evaluation_add(self._handle, packed(options), batch.packed):
            raise_last_error(batch.shape)

    def merge(self, other: Evaluation) -> None:
        """Add the sums of another evaluation, which must have the same number of bins."""
        if library.ce_evaluation_merge(self._handle, self._same_kind(other)._handle):
            raise_last_error()

    def measures(self) -> Measures:
        """All measures of the same moment, computed together. Each attribute with such a name computes all of them."""
        initial = layout.MEASURES.pack(layout.MEASURES.size, 0, *[0.0] * 11)
        memory = ctypes.create_string_buffer(initial, layout.MEASURES.size)
        if library.ce_evaluation_measures(self._handle, memory):
            raise_last_error()
        return Measures(*layout.MEASURES.unpack(memory)[1:])

    count = Summary[int]("The number of elements that count.", measures)
    weight_sum = Summary[float]("The sum of their weights.", measures)
    log_loss = Summary[float]("The weighted mean of the losses in nats.", measures)
    standard_error = Summary[float]("The standard error of the log loss.", measures)
    base_rate = Summary[float]("The weighted mean of the targets.", measures)
    mean_prediction = Summary[float]("The weighted mean of the probabilities.", measures)
    calibration_ratio = Summary[float]("The mean prediction divided by the base rate.", measures)
    normalized_entropy = Summary[float]("The log loss divided by the entropy of the base rate.", measures)
    brier_score = Summary[float]("The weighted mean of (p - t)^2.", measures)
    expected_calibration_error = Summary[float]("The error over the bins of equal width in probability.", measures)
    area_under_roc = Summary[float]("The area under the ROC curve, from a histogram of logits.", measures)
    area_under_roc_error = Summary[float]("The exact area under the ROC curve is within this distance.", measures)

    def __repr__(self) -> str:
        return f"<Evaluation: {self.measures()}>"

    def reliability(self, by_log_odds: bool = False) -> numpy.typing.NDArray[Any]:
        """The bins that are not empty, in ascending order, as a structured array.

        Parameters
        ----------
        by_log_odds : bool
            Whether to return the bins of width 1 in log-odds instead of those of equal width in probability.

        Returns
        -------
        numpy.ndarray
            With the fields ``lower`` and ``upper`` (the borders: probabilities or logits), ``count``, ``weight_sum``,
            ``mean_prediction`` (a probability), ``mean_target``, ``mean_target_lower`` and ``mean_target_upper`` (the
            95 % interval of the mean target, Wilson 1927).
        """
        count = ctypes.c_int64()
        bins = numpy.empty(0, layout.BIN)
        while True:
            # The first call returns the number of bins. Another thread may add a bin before the next call.
            address = address_of(bins) if len(bins) else None
            status = library.ce_evaluation_bins(
                self._handle, bool(by_log_odds), layout.BIN.itemsize, address, len(bins), ctypes.byref(count)
            )
            if status not in (layout.CE_OK, layout.CE_OUTPUT_TOO_SHORT):
                raise_last_error()
            if count.value <= len(bins):
                return bins[: count.value]
            bins = numpy.empty(count.value, layout.BIN)


@takes_arrays
def evaluate(*, bin_count: int = 10, options: Optional[Options] = None, **arrays: Unpack[BatchArrays]) -> Evaluation:
    """Evaluate one batch.

    Parameters
    ----------
    **arrays, options
        As for `loss`.
    bin_count : int
        As for `Evaluation`.
    """
    evaluation = Evaluation(bin_count)
    evaluation.add(options=options, **arrays)
    return evaluation

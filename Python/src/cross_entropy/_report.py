# SPDX-License-Identifier: Apache-2.0
"""The loss with counts and its standard error."""

from __future__ import annotations

import ctypes
import dataclasses
from typing import TYPE_CHECKING, Any, Optional

from . import _layout as layout
from ._batch import make_batch
from ._errors import raise_last_error
from ._library import ce_loss_report
from ._options import Options, packed
from ._signature import takes_arrays
from ._types import BatchArrays

if TYPE_CHECKING:
    from typing_extensions import Unpack


@dataclasses.dataclass(frozen=True)
class LossReport:
    """The loss of a batch with its standard error and counts.

    Attributes
    ----------
    loss : float
        The reduced loss in nats.
    standard_error : float
        The standard error of the loss, estimated from the spread of the losses; NaN for fewer than two elements.
    weight_sum : float
        The sum of the weights of the elements that count.
    count, ignored_count : int
        The number of elements that count, and of those that do not: masked, null or with a missing target.
    clipped_count : int
        The number of elements whose loss was changed by clipping.
    saturated_count : int
        The number of predictions that are 0 or 1, or logits whose probability rounds to 0 or 1.
    """

    loss: float
    standard_error: float
    weight_sum: float
    count: int
    ignored_count: int
    clipped_count: int
    saturated_count: int


def empty_report() -> Any:
    """A ce_report that the library can fill."""
    return ctypes.create_string_buffer(layout.REPORT.pack(layout.REPORT.size, *[0] * 7), layout.REPORT.size)


def read_report(memory: Any) -> LossReport:
    """The report that the library has stored."""
    return LossReport(*layout.REPORT.unpack(memory)[1:])


@takes_arrays
def report(*, options: Optional[Options] = None, **arrays: Unpack[BatchArrays]) -> LossReport:
    """The loss of a batch with its standard error, and how many elements count, were clipped or are saturated.

    Parameters
    ----------
    **arrays, options
        As for `loss`.
    """
    batch = make_batch(arrays)
    memory = empty_report()
    if ce_loss_report(packed(options), batch.packed, memory):
        raise_last_error(batch.shape)
    return read_report(memory)

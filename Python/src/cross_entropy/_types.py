# SPDX-License-Identifier: Apache-2.0
"""The types of arguments, for type checkers and editors."""

from __future__ import annotations

from typing import Any, Optional, Protocol, Tuple, TypedDict, Union

import numpy.typing


class ArrowArrayLike(Protocol):
    """An array of the Arrow C data interface, such as a pyarrow.Array."""

    def __arrow_c_array__(self, requested_schema: Optional[object] = None) -> Tuple[object, object]: ...


class ArrowStreamLike(Protocol):
    """A stream of chunks of the Arrow C data interface, such as a polars.Series or a pyarrow.ChunkedArray."""

    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object: ...


class DLPackLike(Protocol):
    """A tensor of another framework, such as a torch.Tensor."""

    def __dlpack__(self) -> Any: ...

    def __dlpack_device__(self) -> Tuple[Any, int]: ...


#: A NumPy array or anything that can be converted to one, an Arrow array or stream, or a tensor.
Numbers = Union["numpy.typing.ArrayLike", ArrowArrayLike, ArrowStreamLike, DLPackLike]


class _Targets(TypedDict):
    targets: Numbers


class BatchArrays(_Targets, total=False):
    """The arrays of a batch: ``targets``, and either ``logits`` or ``probabilities``."""

    logits: Optional[Numbers]
    probabilities: Optional[Numbers]
    weights: Optional[Numbers]
    row_weights: Optional[Numbers]
    column_weights: Optional[Numbers]
    positive_weights: Optional[Numbers]
    positive_column_weights: Optional[Numbers]
    mask: Optional[Numbers]

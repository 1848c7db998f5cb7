# SPDX-License-Identifier: Apache-2.0
"""Losses by group, for example of each user, day or label."""

from __future__ import annotations

import ctypes
import math
import operator
from typing import TYPE_CHECKING, Any, Iterator, Optional, Tuple

import numpy
import numpy.typing

from . import _layout as layout
from . import _library as library
from ._arrays import address_of
from ._batch import make_batch
from ._errors import CrossEntropyError, raise_last_error
from ._group_loss import GroupLoss
from ._inputs import elements_of, without_nulls
from ._objects import LibraryObject
from ._options import Options, packed
from ._packing import count_of
from ._roles import GROUP_NUMBERS, GROUPS
from ._signature import takes_arrays
from ._types import BatchArrays, Numbers

if TYPE_CHECKING:
    from typing_extensions import Unpack


class GroupedLosses(LibraryObject):
    """The losses of many groups, which are numbered from 0.

    Results have the same bits for any order in which batches are added. Copies and pickles are exact.

    Parameters
    ----------
    group_count : int
        At most 2^31. A group takes 128 bytes, or 320 once a batch with weights has been added.
    """

    _destroy = library.ce_groups_destroy
    _serialize = library.ce_groups_serialize
    _deserialize = library.ce_groups_deserialize

    def __init__(self, group_count: int) -> None:
        self._create(library.ce_groups_create, count_of(group_count, "group_count"))

    def extend(self, group_count: int) -> None:
        """Add empty groups until there are this many."""
        if library.ce_groups_extend(self._handle, count_of(group_count, "group_count")):
            raise_last_error()

    @takes_arrays
    def add(self, *, groups: Numbers, options: Optional[Options] = None, **arrays: Unpack[BatchArrays]) -> None:
        """Add a batch. If an error is raised, nothing is added.

        Parameters
        ----------
        **arrays, options
            As for `loss`.
        groups : array_like
            The group number of each element or, if predictions have several axes, of each row, as uint8, uint16,
            uint32, int32 or int64.
        """
        batch = make_batch(arrays, by_rows=True)
        numbers = without_nulls(elements_of(groups, "groups", GROUPS), "groups")
        row_count, columns = math.prod(batch.shape[:-1]), math.prod(batch.shape[-1:])
        expected = row_count if len(batch.shape) > 1 else columns
        if numbers.size != expected:
            what = "row" if len(batch.shape) > 1 else "element"
            raise CrossEntropyError(
                f"groups has {numbers.size} numbers, expected {expected}, one for each {what}", "groups"
            )
        if len(batch.shape) > 1 and row_count == 1:
            # For a single row, the library expects one number per element.
            repeated = numpy.full(columns, numbers.array().reshape(-1)[0])
            numbers = numbers._replace(address=address_of(repeated), shape=repeated.shape, owner=repeated)
        count = numbers.size if columns else 0
        if library.ce_groups_add(self._handle, packed(options), batch.packed, numbers.type, numbers.address, count):
            raise_last_error(batch.shape)

    def merge(self, other: GroupedLosses, groups: Optional[Numbers] = None) -> None:
        """Add each group of another object to the group with the same number in this one.

        Parameters
        ----------
        other : GroupedLosses
            The other object. It may be this one.
        groups : array_like of int64, optional
            For each group of the other object, the number of the group to which it is added, if the numbers differ.
        """
        address, count, numbers = None, 0, None
        if groups is not None:
            numbers = without_nulls(elements_of(groups, "groups", GROUP_NUMBERS), "groups")
            address, count = numbers.address, numbers.size
        if library.ce_groups_merge(self._handle, self._same_kind(other)._handle, address, count):
            raise_last_error()

    def __repr__(self) -> str:
        groups, elements = self._counts()
        return f"<GroupedLosses: {groups} groups, {elements} elements>"

    def __len__(self) -> int:
        """The number of groups."""
        return self._counts()[0]

    @property
    def element_count(self) -> int:
        """The number of elements that count in all groups."""
        return self._counts()[1]

    def losses(self) -> numpy.typing.NDArray[Any]:
        """All groups, as a structured array with the fields of `GroupLoss`."""
        return self._losses(0, len(self))

    def __getitem__(self, group: int) -> GroupLoss:
        """One group; a negative number counts from the end."""
        count = len(self)
        number = operator.index(group)
        if not -count <= number < count:
            raise IndexError(f"group is {number}, expected a number below {count}")
        return GroupLoss(*self._losses(number % count, 1)[0].item())

    def __iter__(self) -> Iterator[GroupLoss]:
        """All groups, read at the same moment."""
        return (GroupLoss(*group) for group in self.losses().tolist())

    def _losses(self, first: int, count: int) -> numpy.typing.NDArray[Any]:
        losses = numpy.empty(count, layout.GROUP_LOSS)
        if library.ce_groups_losses(self._handle, first, count, layout.GROUP_LOSS.itemsize, address_of(losses)):
            raise_last_error()
        return losses

    def _counts(self) -> Tuple[int, int]:
        groups, elements = ctypes.c_int64(), ctypes.c_int64()
        if library.ce_groups_count(self._handle, ctypes.byref(groups), ctypes.byref(elements)):
            raise_last_error()
        return groups.value, elements.value

# SPDX-License-Identifier: Apache-2.0
"""The base class of accumulators, groups and evaluations, which own an object of the C library."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, ClassVar, Generic, NoReturn, Optional, Tuple, Type, TypeVar, Union, overload

from . import _layout as layout
from ._errors import raise_last_error

_Object = TypeVar("_Object", bound="LibraryObject")
_Number = TypeVar("_Number", int, float)


class LibraryObject:
    """Owns an object of the library, and destroys it.

    Any number of threads may use it at once. The library runs their calls one after another.
    """

    _destroy: ClassVar[Callable[[int], None]]
    _serialize: ClassVar[Callable[..., int]]
    _deserialize: ClassVar[Callable[..., int]]
    _handle: int = 0

    def _create(self, function: Callable[..., int], *arguments: Any) -> None:
        """Create the object with a function of the library, and take ownership of it."""
        handle = ctypes.c_void_p()
        if function(*arguments, ctypes.byref(handle)):
            raise_last_error()
        self._handle = handle.value or 0

    def __del__(self) -> None:
        if self._handle:
            type(self)._destroy(self._handle)

    def to_bytes(self) -> bytes:
        """The exact state of the object as bytes, which `from_bytes` can read on any machine."""
        size, state, room = ctypes.c_int64(), None, 0
        while True:
            status = type(self)._serialize(self._handle, state, room, ctypes.byref(size))
            if state is not None and status == layout.CE_OK:
                return state.raw[: size.value]
            # The first call only returns the size. Another thread may add to the object before the next call, so the
            # room may be too small again.
            if status not in (layout.CE_OK, layout.CE_OUTPUT_TOO_SHORT):
                raise_last_error()
            room = size.value
            state = ctypes.create_string_buffer(room)

    @classmethod
    def from_bytes(cls: Type[_Object], state: Union[bytes, bytearray, memoryview]) -> _Object:
        """Make an object from the bytes that `to_bytes` returned."""
        if not isinstance(state, (bytes, bytearray, memoryview)):
            raise TypeError(f"state is {type(state).__name__}, expected bytes")
        made = cls.__new__(cls)
        made._create(cls._deserialize, bytes(state), len(bytes(state)))
        return made

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self).from_bytes, (self.to_bytes(),)

    def _same_kind(self: _Object, other: Any) -> _Object:
        """Return `other`, or raise an error if it cannot be merged with this object."""
        if not isinstance(other, type(self)):
            raise TypeError(f"other is {type(other).__name__}, expected {type(self).__name__}")
        return other


class Summary(Generic[_Number]):
    """An attribute for one result of an object. The result is computed whenever the attribute is read."""

    def __init__(self, description: str, read: Callable[[Any], Any]) -> None:
        self.__doc__ = description
        self._read = read

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Summary[_Number]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> _Number: ...

    def __get__(self, instance: Optional[object], owner: type) -> Union[Summary[_Number], _Number]:
        if instance is None:
            return self
        number: _Number = getattr(self._read(instance), self._name)
        return number

    def __set__(self, instance: object, value: NoReturn) -> NoReturn:
        """Without this, an assignment would hide what has been added up. Type checkers refuse it, too."""
        raise AttributeError(f"{self._name} cannot be set: it is read from what has been added")

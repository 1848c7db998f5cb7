# SPDX-License-Identifier: Apache-2.0
"""What accumulators, groups and evaluations have in common: an object of the C library that has an owner in Python."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, ClassVar, Generic, NoReturn, Optional, Tuple, Type, TypeVar, Union, overload

from . import _layout as layout
from ._errors import raise_last_error

_Object = TypeVar("_Object", bound="LibraryObject")
_Number = TypeVar("_Number", int, float)


class LibraryObject:
    """An object of the library, which is destroyed with this one.

    Any number of threads may use it at once; the library lets their calls wait for each other.
    """

    _destroy: ClassVar[Callable[[int], None]]
    _serialize: ClassVar[Callable[..., int]]
    _deserialize: ClassVar[Callable[..., int]]
    _handle: int = 0

    def _create(self, function: Callable[..., int], *arguments: Any) -> None:
        """Own the object that a function of the library creates."""
        handle = ctypes.c_void_p()
        if function(*arguments, ctypes.byref(handle)):
            raise_last_error()
        self._handle = handle.value or 0

    def __del__(self) -> None:
        if self._handle:
            type(self)._destroy(self._handle)

    def to_bytes(self) -> bytes:
        """Everything that has been added, exactly, for `from_bytes` on any machine."""
        size, state, room = ctypes.c_int64(), None, 0
        while True:
            status = type(self)._serialize(self._handle, state, room, ctypes.byref(size))
            if state is not None and status == layout.CE_OK:
                return state.raw[: size.value]
            # The first call only tells the size. Another thread may add to the object before the next one, so that the
            # room is too short again.
            if status not in (layout.CE_OK, layout.CE_OUTPUT_TOO_SHORT):
                raise_last_error()
            room = size.value
            state = ctypes.create_string_buffer(room)

    @classmethod
    def from_bytes(cls: Type[_Object], state: Union[bytes, bytearray, memoryview]) -> _Object:
        """The object whose `to_bytes` gave these bytes."""
        if not isinstance(state, (bytes, bytearray, memoryview)):
            raise TypeError(f"state is {type(state).__name__}, expected bytes")
        made = cls.__new__(cls)
        made._create(cls._deserialize, bytes(state), len(bytes(state)))
        return made

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self).from_bytes, (self.to_bytes(),)

    def _same_kind(self: _Object, other: Any) -> _Object:
        """Another object that can be merged with this one."""
        if not isinstance(other, type(self)):
            raise TypeError(f"other is {type(other).__name__}, expected {type(self).__name__}")
        return other


class Summary(Generic[_Number]):
    """An attribute with one number of what an object has added up, read when it is asked for."""

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

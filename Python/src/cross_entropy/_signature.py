# SPDX-License-Identifier: Apache-2.0
"""Shows the arrays of a batch in the signatures of functions."""

from __future__ import annotations

import inspect
from typing import Any, Callable, TypeVar, get_type_hints

from ._types import BatchArrays

_Function = TypeVar("_Function", bound=Callable[..., Any])
_HINTS = get_type_hints(BatchArrays)


def takes_arrays(function: _Function) -> _Function:
    """Show each array in the signature that ``help`` and editors read at run time, in place of ``**arrays``.

    A function receives the arrays as a dict, because this makes its fast path faster than ten parameters would, and
    because all functions take the same arrays. Type checkers find them in `BatchArrays`.
    """
    signature = inspect.signature(function)
    own = [parameter for parameter in signature.parameters.values() if parameter.kind is not parameter.VAR_KEYWORD]
    arrays = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if name in BatchArrays.__required_keys__ else None,
            annotation=annotation.__forward_arg__,
        )
        for name, annotation in BatchArrays.__annotations__.items()
    ]
    positional = [parameter for parameter in own if parameter.kind is not parameter.KEYWORD_ONLY]
    others = [parameter for parameter in own if parameter.kind is parameter.KEYWORD_ONLY]
    function.__signature__ = signature.replace(parameters=positional + arrays + others)  # type: ignore[attr-defined]
    # Unpack is not imported at run time, and readers of annotations could not resolve its name.
    del function.__annotations__["arrays"]
    function.__annotations__.update(_HINTS)
    return function

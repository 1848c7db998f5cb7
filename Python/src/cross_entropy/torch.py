# SPDX-License-Identifier: Apache-2.0
"""The loss of PyTorch tensors on the CPU, with its gradient from the same pass."""

from __future__ import annotations

import functools
from typing import Any, Callable, Optional, TypeVar, cast

import torch

from ._errors import CrossEntropyError
from ._options import Options
from ._torch_function import DifferentiableLoss, loss_of
from ._torch_weights import weight_arrays

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _uncompiled(function: _Function) -> _Function:
    """Exclude a function from ``torch.compile``, which cannot compile calls of a C library.

    ``torch.compiler.disable`` takes two seconds to import the compiler, so it is used only if a compiled function calls
    this one.
    """

    @functools.wraps(function)
    def call(*arguments: Any, **more: Any) -> Any:
        if torch.compiler.is_compiling():
            disable: Any = torch.compiler.disable
            return disable(function)(*arguments, **more)
        return function(*arguments, **more)

    return cast(_Function, call)


@_uncompiled
def bce_with_logits(
    input: torch.Tensor,
    target: torch.Tensor,
    weight: Optional[torch.Tensor] = None,
    pos_weight: Optional[torch.Tensor] = None,
    reduction: str = "mean",
    *,
    focal_gamma: float = 0.0,
    focal_alpha: Optional[float] = None,
    label_smoothing: float = 0.0,
) -> torch.Tensor:
    """``torch.nn.functional.binary_cross_entropy_with_logits`` for tensors on the CPU.

    Contiguous tensors are read in place. If the input requires a gradient, it is computed together with the mean or
    sum, and the backward pass only multiplies it by the gradient of the result. At most ``torch.get_num_threads()``
    threads are used.

    Parameters
    ----------
    input : torch.Tensor
        Logits: float32, float64, bfloat16 or float16.
    target : torch.Tensor
        Numbers in [0, 1] of the same shape, of any type.
    weight, pos_weight : torch.Tensor, optional
        Weights of the losses, and of their positive parts. They are broadcast to the shape of the input. Weights of
        columns and elements, and of rows for ``weight``, are read in place if they are float32 or float64.
    reduction : {"mean", "sum", "none"}
        The mean divides by the number of elements, not by the sum of their weights.
    focal_gamma, focal_alpha, label_smoothing
        As those of `cross_entropy.Options`.

    Returns
    -------
    torch.Tensor
        The loss, reduced or of each element, in the type of the input. It can be differentiated once, with respect to
        the input.

    Raises
    ------
    CrossEntropyError
        If a target is outside [0, 1], if shapes do not match, or if an argument other than the input requires a
        gradient.
    TypeError
        If an argument is not a tensor, is not on the CPU, or has a type that is not supported.

    Examples
    --------
    >>> import torch
    >>> from cross_entropy.torch import bce_with_logits
    >>> x = torch.tensor([2.0, -1.0], requires_grad=True)
    >>> bce_with_logits(x, torch.tensor([1.0, 1.0])).backward()
    >>> x.grad
    tensor([-0.0596, -0.3655])
    """
    if reduction not in ("none", "mean", "sum"):
        raise CrossEntropyError(f"reduction is {reduction!r}, expected 'none', 'mean' or 'sum'", "reduction")
    others = {"target": target, "weight": weight, "pos_weight": pos_weight}
    given = {name: tensor for name, tensor in others.items() if tensor is not None}
    for name, tensor in {"input": input, **given}.items():
        if not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} is {type(tensor).__name__}, expected a torch.Tensor")
        if tensor.device.type != "cpu":
            raise TypeError(f"{name} is on the device {tensor.device}, expected a tensor on the CPU")
    for name, tensor in given.items():
        if tensor.requires_grad and torch.is_grad_enabled():
            raise CrossEntropyError(f"{name} requires a gradient, which only input gets: pass {name}.detach()", name)
    if target.shape != input.shape:
        raise CrossEntropyError(
            f"target has shape {tuple(target.shape)}, expected that of input, {tuple(input.shape)}", "target"
        )
    positive_weight = 1.0
    if pos_weight is not None and pos_weight.numel() == 1:
        positive_weight, pos_weight = float(pos_weight), None
    options = _options(
        "mean" if reduction == "mean" else "sum",
        label_smoothing,
        positive_weight,
        focal_gamma,
        focal_alpha,
        torch.get_num_threads(),
    )
    targets = target.detach().contiguous()
    arrays = {"targets": targets, **weight_arrays(weight, pos_weight, tuple(input.shape))}
    function = DifferentiableLoss.apply if input.requires_grad and torch.is_grad_enabled() else loss_of
    return function(input, arrays, options, reduction != "none")


@functools.lru_cache(maxsize=64)
def _options(
    reduction: str,
    label_smoothing: float,
    positive_weight: float,
    focal_gamma: float,
    focal_alpha: Optional[float],
    threads: int,
) -> Options:
    """Options are cached, because checking them takes longer than computing the loss of a small batch."""
    return Options(
        reduction=reduction,
        label_smoothing=label_smoothing,
        positive_weight=positive_weight,
        focal_gamma=focal_gamma,
        focal_alpha=focal_alpha,
        threads=threads,
    )

# SPDX-License-Identifier: Apache-2.0
"""The loss of tensors as a function that PyTorch can differentiate."""

from __future__ import annotations

from typing import Any, Dict, NoReturn, Tuple

import torch

from ._gradients import gradient, loss_and_gradient
from ._losses import loss, losses
from ._options import Options

Arrays = Dict[str, torch.Tensor]


def loss_of(input: torch.Tensor, arrays: Arrays, options: Options, is_reduced: bool) -> torch.Tensor:
    """The loss, reduced or of each element, without a gradient."""
    if is_reduced:
        return torch.tensor(loss(**_read(input, arrays), options=options), dtype=input.dtype)
    return torch.from_numpy(losses(**_read(input, arrays), options=options)).to(input.dtype)


class DifferentiableLoss(torch.autograd.Function):
    """The loss with its gradient. If the loss is reduced, both are computed in the same pass."""

    @staticmethod
    def forward(ctx: Any, input: torch.Tensor, arrays: Arrays, options: Options, is_reduced: bool) -> torch.Tensor:
        ctx.save_for_backward(input, *arrays.values())
        ctx.names, ctx.options, ctx.gradient = tuple(arrays), options, None
        if not is_reduced:
            return loss_of(input, arrays, options, is_reduced)
        value, slopes = loss_and_gradient(**_read(input, arrays), options=options)
        ctx.gradient = torch.from_numpy(slopes)
        return torch.tensor(value, dtype=input.dtype)

    @staticmethod
    def backward(ctx: Any, upstream: torch.Tensor) -> Tuple[torch.Tensor, None, None, None]:
        input, *others = ctx.saved_tensors
        # The gradient that the forward pass has computed is multiplied in place and returned. A second backward pass
        # through a retained graph must therefore compute it again.
        slopes, ctx.gradient = ctx.gradient, None
        with torch.no_grad():
            if slopes is None:
                arrays = dict(zip(ctx.names, others))
                slopes = torch.from_numpy(gradient(**_read(input, arrays), options=ctx.options))
            # The upstream gradient is usually 1, as it is for `loss.backward()`.
            if upstream.dim() > 0 or upstream.item() != 1:
                slopes.mul_(upstream)
            # A gradient in half precision is rounded only after the multiplication. The upstream gradient may contain a
            # scale that keeps small gradients from underflowing.
            slopes = slopes.to(input.dtype)
        if torch.is_grad_enabled():
            apply: Any = _DifferentiatedOnce.apply
            slopes = apply(slopes, input, upstream)
        return slopes, None, None, None


class _DifferentiatedOnce(torch.autograd.Function):
    """A gradient that cannot be differentiated again.

    PyTorch's ``once_differentiable`` raises no error if the upstream gradient does not require a gradient, as in
    ``torch.autograd.grad(loss, input, create_graph=True)``. The second derivative would then silently be 0.
    """

    @staticmethod
    def forward(ctx: Any, slopes: torch.Tensor, input: torch.Tensor, upstream: torch.Tensor) -> torch.Tensor:
        return slopes

    @staticmethod
    def backward(ctx: Any, upstream: torch.Tensor) -> NoReturn:
        raise NotImplementedError(
            "cross_entropy.torch.bce_with_logits can be differentiated only once: use "
            "torch.nn.functional.binary_cross_entropy_with_logits for second derivatives"
        )


def _read(input: torch.Tensor, arrays: Arrays) -> Dict[str, Any]:
    """The arguments of `cross_entropy.loss`.

    NumPy has no bfloat16, so such a tensor is read through DLPack. Other tensors are not, because DLPack takes five
    times as long as the loss of a small batch.
    """
    tensors = {"logits": input.detach().contiguous(), **arrays}
    return {name: tensor if tensor.dtype == torch.bfloat16 else tensor.numpy() for name, tensor in tensors.items()}

# SPDX-License-Identifier: Apache-2.0
"""Converts PyTorch's weights, which are broadcast, to weights of elements, rows or columns."""

from __future__ import annotations

from typing import Dict, Optional, Tuple

import torch

from ._errors import CrossEntropyError


def weight_arrays(
    weight: Optional[torch.Tensor], pos_weight: Optional[torch.Tensor], shape: Tuple[int, ...]
) -> Dict[str, torch.Tensor]:
    """The arguments of `cross_entropy.loss` for weights that are broadcast to the shape of the predictions."""
    arrays = {}
    if weight is not None:
        sizes = _aligned(weight, shape, "weight")
        if sizes[-1:] == (1,) and sizes[:-1] == shape[:-1]:
            arrays["row_weights"] = _numbers(weight)
        else:
            arrays.update(_columns_or_elements(weight, sizes, shape, "column_weights", "weights"))
    if pos_weight is not None:
        sizes = _aligned(pos_weight, shape, "pos_weight")
        arrays.update(_columns_or_elements(pos_weight, sizes, shape, "positive_column_weights", "positive_weights"))
    return arrays


def _aligned(weight: torch.Tensor, shape: Tuple[int, ...], name: str) -> Tuple[int, ...]:
    """The shape of weights, with leading axes of size 1 so that it has as many axes as the predictions."""
    sizes: Tuple[int, ...] = (1,) * (len(shape) - weight.dim()) + tuple(weight.shape)
    if len(sizes) != len(shape) or any(size not in (1, whole) for size, whole in zip(sizes, shape)):
        raise CrossEntropyError(
            f"{name} has shape {tuple(weight.shape)}, expected one that is broadcast to that of input, {shape}", name
        )
    return sizes


def _columns_or_elements(
    weight: torch.Tensor, sizes: Tuple[int, ...], shape: Tuple[int, ...], columns: str, elements: str
) -> Dict[str, torch.Tensor]:
    if len(shape) > 1 and all(size == 1 for size in sizes[:-1]):
        return {columns: _numbers(weight.reshape(-1).expand(shape[-1]))}
    # Weights are copied only if they also vary along other axes, or are repeated along one.
    return {elements: _numbers(weight.expand(shape))}


def _numbers(weight: torch.Tensor) -> torch.Tensor:
    """Weights in a type that the library reads, with adjacent elements."""
    return (weight if weight.dtype in (torch.float32, torch.float64) else weight.float()).detach().contiguous()

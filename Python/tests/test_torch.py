# SPDX-License-Identifier: Apache-2.0
"""The loss of PyTorch tensors, compared with PyTorch's own loss."""

from __future__ import annotations

from typing import Any, Dict

import numpy as np
import pytest

torch = pytest.importorskip("torch")
bce_with_logits = pytest.importorskip("cross_entropy.torch").bce_with_logits
reference = torch.nn.functional.binary_cross_entropy_with_logits

SEED = 250
SHAPES = [(), (1,), (7,), (6, 5), (6, 1), (1, 5), (2, 3, 4), (0,), (3, 0)]
#: The types of predictions, and the accuracy of PyTorch's own losses and gradients in them.
ACCURACIES = [(torch.float64, 1e-13), (torch.float32, 2e-6), (torch.bfloat16, 2e-2), (torch.float16, 3e-3)]


def drawn(shape: Any, dtype: Any = torch.float64) -> Any:
    generator = torch.Generator().manual_seed(SEED)
    input = 3 * torch.randn(shape, generator=generator, dtype=torch.float64)
    target = torch.rand(shape, generator=generator, dtype=torch.float64)
    return input.to(dtype).requires_grad_(), target.to(dtype)


def check(input: Any, target: Any, reduction: str = "mean", accuracy: float = 1e-13, **weights: Any) -> None:
    """Compare values and gradients for an upstream gradient that is not 1."""
    results = []
    # PyTorch computes pos_weight - 1 in the type of the weights, so the weights for PyTorch get the type of the input.
    exact = {name: tensor.to(input.dtype) for name, tensor in weights.items()}
    for function, more in ((bce_with_logits, weights), (reference, exact)):
        result = function(input, target, reduction=reduction, **more)
        upstream = torch.linspace(0.5, 2, result.numel(), dtype=result.dtype).reshape(result.shape)
        (gradient,) = torch.autograd.grad(result, input, upstream)
        results.append((result.detach(), gradient))
    for ours, theirs in zip(*results):
        assert ours.dtype == theirs.dtype == input.dtype and ours.shape == theirs.shape
        tolerance = {"rtol": accuracy, "atol": accuracy, "equal_nan": True}
        torch.testing.assert_close(ours, theirs, **tolerance, msg=lambda message: f"{message} seed {SEED}")


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("dtype, accuracy", ACCURACIES)
@pytest.mark.parametrize("shape", SHAPES)
def test_bce_of_each_shape_equals_torch(shape: Any, dtype: Any, accuracy: float, reduction: str) -> None:
    input, target = drawn(shape, dtype)
    check(input, target, reduction, accuracy)


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("size", [(), (1,), (4,), (3, 4), (1, 4), (3, 1), (2, 3, 4), (2, 3, 1), (2, 1, 4), (1, 1, 1)])
def test_bce_with_broadcast_weights_equals_torch(size: Any, reduction: str) -> None:
    input, target = drawn((2, 3, 4))
    generator = torch.Generator().manual_seed(SEED)
    for dtype in (torch.float64, torch.float32, torch.bfloat16):
        weights = torch.rand(size, generator=generator, dtype=torch.float64).to(dtype) * 3
        for more in [{"weight": weights}, {"pos_weight": weights}, {"weight": weights, "pos_weight": weights + 1}]:
            check(input, target, reduction, **more)


@pytest.mark.parametrize("shape", [(), (1,), (5,), (5, 1), (1, 5)])
def test_bce_of_vectors_with_weights_equals_torch(shape: Any) -> None:
    input, target = drawn(shape)
    for size in {shape, (1,) * len(shape), ()}:
        weights = torch.full(size, 2.5, dtype=torch.float64)
        check(input, target, weight=weights)
        check(input, target, pos_weight=weights)


def test_bce_of_tensors_that_are_not_contiguous_equals_torch() -> None:
    input, target = drawn((6, 8))
    check(input.detach().T.requires_grad_(), target.T)
    check(input.detach()[:, ::2].requires_grad_(), target[:, 1:5])
    check(input, torch.rand(8, dtype=torch.float64).expand(6, 8))
    check(input, target, weight=torch.rand(8, 6, dtype=torch.float64).T)


def test_bce_of_targets_of_other_types_equals_torch() -> None:
    input, target = drawn((6, 8), torch.float32)
    bits = (target > 0.5).float()
    for dtype in (torch.bool, torch.uint8, torch.int64, torch.float16, torch.bfloat16, torch.float64):
        torch.testing.assert_close(bce_with_logits(input, bits.to(dtype)), reference(input, bits))


def test_bce_passes_gradcheck() -> None:
    input, target = drawn((4, 3))
    weights = torch.rand(4, 3, dtype=torch.float64)
    options: Any = [{}, {"weight": weights, "pos_weight": weights[0]}, {"focal_gamma": 2.0, "focal_alpha": 0.25}]
    for more in [*options, {"label_smoothing": 0.2, "focal_gamma": 0.5}]:
        for reduction in ("none", "mean", "sum"):
            assert torch.autograd.gradcheck(lambda x: bce_with_logits(x, target, reduction=reduction, **more), (input,))


def test_bce_with_focal_factor_and_smoothing_equals_formula() -> None:
    input, target = drawn((50,))
    bits = (target > 0.5).double()
    p = torch.sigmoid(input)
    right = bits * p + (1 - bits) * (1 - p)
    alpha = 0.25 * bits + 0.75 * (1 - bits)
    expected = (alpha * (1 - right) ** 2 * reference(input, bits, reduction="none")).mean()
    torch.testing.assert_close(bce_with_logits(input, bits, focal_gamma=2, focal_alpha=0.25), expected)
    smoothed: Dict[str, Any] = {"label_smoothing": 0.2}
    torch.testing.assert_close(bce_with_logits(input, target, **smoothed), reference(input, target * 0.8 + 0.1))


def test_bce_of_unusual_logits_equals_torch() -> None:
    infinity = np.inf
    input = torch.tensor([1000.0, -1000.0, infinity, -infinity, np.nan], requires_grad=True)
    target = torch.tensor([0.0, 1.0, 0.5, 1.0, 0.0])
    losses = bce_with_logits(input, target, reduction="none")
    assert losses.tolist()[:4] == [1000, 1000, infinity, infinity] and losses[4].isnan()

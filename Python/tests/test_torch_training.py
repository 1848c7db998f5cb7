# SPDX-License-Identifier: Apache-2.0
"""The loss of PyTorch tensors in graphs, and the arguments that it rejects."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest

import cross_entropy as ce

torch = pytest.importorskip("torch")
bce_with_logits = pytest.importorskip("cross_entropy.torch").bce_with_logits
_torch_function = pytest.importorskip("cross_entropy._torch_function")
reference = torch.nn.functional.binary_cross_entropy_with_logits

generator = torch.Generator().manual_seed(260)
X = torch.randn(40, 6, generator=generator)
T = torch.rand(40, 6, generator=generator)


def test_training_equals_that_with_torch() -> None:
    features = torch.randn(200, 5, generator=torch.Generator().manual_seed(261))
    labels = (features[:, :1] > 0.3).float()
    curves: List[List[float]] = []
    for function in (bce_with_logits, reference):
        torch.manual_seed(262)
        model = torch.nn.Sequential(torch.nn.Linear(5, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        curves.append([])
        for _ in range(30):
            optimizer.zero_grad()
            loss = function(model(features), labels, pos_weight=torch.tensor([2.0]))
            loss.backward()
            optimizer.step()
            curves[-1].append(loss.item())
    assert curves[0] == pytest.approx(curves[1], rel=1e-5)
    assert curves[0][-1] < 0.5 * curves[0][0]


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_backward_twice_through_a_retained_graph_gives_the_same_gradient(reduction: str) -> None:
    x = X.clone().requires_grad_()
    loss = bce_with_logits(x, T, reduction=reduction).sum()
    (first,) = torch.autograd.grad(3 * loss, x, retain_graph=True)
    kept = first.clone()
    (second,) = torch.autograd.grad(3 * loss, x, retain_graph=True)
    torch.testing.assert_close(first, kept, rtol=0, atol=0)
    torch.testing.assert_close(second, kept, rtol=0, atol=0)
    (expected,) = torch.autograd.grad(3 * reference(x, T, reduction=reduction).sum(), x)
    torch.testing.assert_close(kept, expected)


@pytest.mark.parametrize("reduction", ["none", "mean"])
def test_backward_after_an_argument_has_changed_is_refused(reduction: str) -> None:
    x, t = X.clone().requires_grad_(), T.clone()
    loss = bce_with_logits(x, t, reduction=reduction).sum()
    t.zero_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_compiled_caller_gets_the_same_loss_and_gradient() -> None:
    x = X.clone().requires_grad_()
    compiled = torch.compile(lambda x: bce_with_logits(x * 2, T) + 1, backend="eager")
    loss, expected = compiled(x), reference(x * 2, T) + 1
    torch.testing.assert_close(loss, expected)
    torch.testing.assert_close(torch.autograd.grad(loss, x), torch.autograd.grad(expected, x))


def test_gradient_of_half_precision_is_scaled_before_it_is_rounded() -> None:
    x = torch.zeros(1_000_000, dtype=torch.float16, requires_grad=True)
    loss = bce_with_logits(x, torch.ones(1_000_000))
    # A gradient of 5e-7 has three bits in half precision.
    (loss.float() * 32768).backward()
    torch.testing.assert_close(x.grad, torch.full_like(x, -0.5e-6 * 32768), rtol=1e-3, atol=0)


def test_loss_without_gradients_has_no_graph() -> None:
    x = X.clone().requires_grad_()
    with torch.no_grad():
        loss = bce_with_logits(x, T.requires_grad_(), weight=torch.ones(6, requires_grad=True))
    T.requires_grad_(False)
    assert not loss.requires_grad and loss.item() == pytest.approx(reference(X, T).item(), rel=1e-6)
    assert not bce_with_logits(X, T).requires_grad
    with torch.inference_mode():
        assert bce_with_logits(X, T).item() == loss.item()


@pytest.mark.parametrize("reduction", ["none", "sum"])
def test_second_derivative_is_refused(reduction: str) -> None:
    x = X.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(bce_with_logits(x, T, reduction=reduction).sum(), x, create_graph=True)
    torch.testing.assert_close(gradient.detach(), torch.sigmoid(X) - T)
    with pytest.raises(NotImplementedError, match="can be differentiated only once"):
        gradient.square().sum().backward()


def test_gradients_of_several_losses_add_up() -> None:
    x, y = X.clone().requires_grad_(), X.clone().requires_grad_()
    (bce_with_logits(x, T) + 2 * bce_with_logits(x * 2, T, reduction="sum")).backward()
    (reference(y, T) + 2 * reference(y * 2, T, reduction="sum")).backward()
    torch.testing.assert_close(x.grad, y.grad)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_contiguous_tensors_are_not_copied(dtype: Any, monkeypatch: Any) -> None:
    x, t = X.to(dtype).requires_grad_(), T.to(dtype)
    seen: Dict[str, int] = {}

    def watched(options: ce.Options, **arrays: Any) -> Any:
        seen.update({name: array.ctypes.data for name, array in arrays.items()})
        return ce.loss_and_gradient(options=options, **arrays)

    monkeypatch.setattr(_torch_function, "loss_and_gradient", watched)
    bce_with_logits(x, t, weight=t, pos_weight=t[0])
    expected = dict.fromkeys(("targets", "weights", "positive_column_weights"), t.data_ptr())
    assert seen == {"logits": x.data_ptr(), **expected}


def refused(error: Any, message: str, *arguments: Any, **more: Any) -> None:
    with pytest.raises(error, match=message):
        bce_with_logits(*arguments, **more)


def test_arguments_that_do_not_fit_are_refused() -> None:
    shapes = r"target has shape \(40, 5\), expected that of input, \(40, 6\)"
    refused(ce.CrossEntropyError, shapes, X, T[:, :5])
    refused(ce.CrossEntropyError, r"weight has shape \(5,\), expected one that is broadcast", X, T, weight=T[0, :5])
    refused(ce.CrossEntropyError, r"pos_weight has shape \(1, 40, 6\), expected one", X, T, pos_weight=T[None])
    refused(ce.CrossEntropyError, "reduction is 'max', expected 'none', 'mean' or 'sum'", X, T, reduction="max")
    refused(ce.CrossEntropyError, r"targets\[0, 0\], element 0, is 2, expected a number in \[0, 1\]", X, T * 0 + 2)
    refused(ce.CrossEntropyError, r"target requires a gradient, .* target.detach\(\)", X, T.clone().requires_grad_())
    refused(TypeError, "target is on the device meta, expected a tensor on the CPU", X, T.to("meta"))
    refused(TypeError, "input is on the device meta", X.to("meta"), T)
    refused(TypeError, r"pos_weight is float, expected a torch\.Tensor", X, T, pos_weight=2.0)
    refused(TypeError, r"input is ndarray, expected a torch\.Tensor", X.detach().numpy(), T)
    refused(TypeError, r"target is list, expected a torch\.Tensor", X, T.tolist())
    refused(TypeError, "logits has dtype int64, expected float16, float32, float64 or bfloat16", X.long(), T)

# SPDX-License-Identifier: Apache-2.0
"""Tensors through DLPack, and series of pandas."""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Tuple

import numpy as np
import pytest

import cross_entropy as ce
from cross_entropy._capsules import capsule_pointer

generator = np.random.default_rng(150)
X = generator.normal(size=(50, 8)).astype(np.float32)
T = generator.random((50, 8)) < 0.4


class Tensor:
    """A tensor of a framework that has only DLPack. In older versions of NumPy, DLPack does not support booleans."""

    def __init__(self, array: Any, device: int = 1) -> None:
        self.array, self.device, self.dtype = array, device, "that of the framework"

    def __dlpack__(self) -> Any:
        return self.array.__dlpack__()

    def __dlpack_device__(self) -> Tuple[int, int]:
        return self.device, 0


def test_tensor_of_any_framework_equals_array() -> None:
    assert ce.loss(logits=Tensor(X), targets=Tensor(T.astype(np.uint8))) == ce.loss(logits=X, targets=T)
    np.testing.assert_array_equal(
        ce.row_losses(logits=Tensor(X[:, 2:5]), targets=Tensor(T.astype(np.uint8)[:, 2:5])),
        ce.row_losses(logits=X[:, 2:5], targets=T[:, 2:5]),
    )


def test_tensor_that_begins_behind_its_address_is_read_there() -> None:
    class Shifted(Tensor):
        def __dlpack__(self) -> Any:
            capsule = self.array.__dlpack__()
            # This is the offset of byte_offset, the last member of a DLTensor, on 64-bit platforms.
            ctypes.c_uint64.from_address(capsule_pointer(capsule, b"dltensor") + 40).value = 4
            return capsule

    x = X.reshape(-1)[:-1]
    assert ce.loss(logits=Shifted(x), targets=T.reshape(-1)[1:]) == ce.loss(
        logits=X.reshape(-1)[1:].copy(), targets=T.reshape(-1)[1:]
    )


def test_tensor_is_released() -> None:
    x, t = X.copy(), T.astype(np.uint8)
    before = sys.getrefcount(x), sys.getrefcount(t)
    for _ in range(5):
        ce.loss(logits=Tensor(x), targets=Tensor(t))
        with pytest.raises(TypeError, match="logits has dtype that of the framework, expected float16"):
            ce.loss(logits=Tensor(t), targets=Tensor(x))
    assert (sys.getrefcount(x), sys.getrefcount(t)) == before


def test_tensor_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(TypeError, match=r"logits is not in the memory of the CPU: pass .* logits.cpu\(\)"):
        ce.loss(logits=Tensor(X, device=2), targets=T)
    with pytest.raises(ce.CrossEntropyError, match=r"logits has shape .* pass logits.contiguous\(\)"):
        ce.loss(logits=Tensor(X.T), targets=T.T.copy())
    with pytest.raises(ce.CrossEntropyError, match=r"weights has shape .* adjacent in memory: pass weights.contiguous"):
        ce.loss(logits=X[:, :4], targets=T[:, :4], weights=Tensor(np.ones((50, 8))[:, :4]))


def test_tensors_of_torch_equal_arrays() -> None:
    torch = pytest.importorskip("torch")
    x = torch.tensor(X, requires_grad=True)
    assert ce.loss(logits=x, targets=torch.tensor(T)) == ce.loss(logits=X, targets=T)
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        rounded = x.detach().to(dtype)
        assert ce.loss(logits=rounded, targets=T) == pytest.approx(
            ce.loss(logits=rounded.float().numpy(), targets=T), rel=1e-12 if dtype != torch.float64 else 1e-7
        )
    for dtype in (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64):
        assert ce.loss(logits=X, targets=torch.tensor(T).to(dtype)) == ce.loss(logits=X, targets=T)
    losses = torch.nn.functional.binary_cross_entropy_with_logits(x, torch.tensor(T).float(), reduction="none")
    np.testing.assert_allclose(ce.losses(logits=x, targets=T), losses.detach().numpy(), rtol=1e-5)
    assert ce.loss(logits=torch.tensor(X)[:, 1:3], targets=torch.tensor(T)[:, 1:3]) == ce.loss(
        logits=X[:, 1:3], targets=T[:, 1:3]
    )
    with pytest.raises(TypeError, match="logits has dtype torch.complex64, expected float16, float32, float64"):
        ce.loss(logits=x.detach().to(torch.complex64), targets=T)


def test_series_of_pandas_equal_arrays() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"x": X[:, 0].copy(), "t": T[:, 0].copy()})
    expected = ce.loss(logits=X[:, 0].copy(), targets=T[:, 0].copy())
    assert ce.loss(logits=frame["x"], targets=frame["t"]) == expected
    frame.loc[3, "x"] = np.nan
    assert np.isnan(ce.loss(logits=frame["x"], targets=frame["t"]))


def test_series_of_pandas_with_missing_values_do_not_count_them() -> None:
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    x = pd.Series([0.5, None, -1.0], dtype="Float64")
    if not hasattr(x, "__arrow_c_stream__"):
        pytest.skip("this version of pandas has no Arrow interface")
    assert ce.loss(logits=x, targets=[1, 0, 0]) == ce.loss(logits=[0.5, -1.0], targets=[1, 0])

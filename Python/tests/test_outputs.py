# SPDX-License-Identifier: Apache-2.0
"""Arrays of the caller to which results are written."""

from __future__ import annotations

from typing import Any, Dict

import numpy as np
import pytest

import cross_entropy as ce

generator = np.random.default_rng(60)
X = generator.normal(size=(8, 6)).astype(np.float32)
BATCH: Dict[str, Any] = {"logits": X, "targets": (generator.random((8, 6)) < 0.3)}


@pytest.mark.parametrize("function", [ce.losses, ce.gradient])
def test_output_is_written_in_place(function: Any) -> None:
    out = np.full((8, 6), np.nan, np.float32)
    assert function(**BATCH, out=out) is out
    np.testing.assert_array_equal(out, function(**BATCH))


def test_outputs_of_all_derivatives_are_written_in_place() -> None:
    memory = np.full((2, 8, 6), np.nan, np.float32)
    loss, gradient, hessian = ce.loss_gradient_hessian(**BATCH, out=(memory[0], memory[1]))
    assert np.shares_memory(gradient, memory) and np.shares_memory(hessian, memory)
    expected = ce.loss_gradient_hessian(**BATCH)
    assert loss == expected[0]
    np.testing.assert_array_equal(memory, np.stack(expected[1:]))
    assert ce.loss_and_gradient(**BATCH, out=memory[1])[0] == loss
    np.testing.assert_array_equal(memory[0], memory[1])


def refused(out: Any, message: str, error: Any = ce.CrossEntropyError, **more: Any) -> None:
    before = np.array(out, copy=True)
    with pytest.raises(error, match=message):
        ce.losses(**{**BATCH, **more}, out=out)
    np.testing.assert_array_equal(np.asarray(out), before)


def test_output_that_does_not_fit_is_refused() -> None:
    refused(np.zeros((8, 6)), "out has dtype float64, expected float32", TypeError)
    refused(np.zeros((6, 8), np.float32), r"out has shape \(6, 8\), expected \(8, 6\)")
    refused(np.zeros((8, 12), np.float32)[:, ::2], "out is not aligned, with adjacent elements")
    refused([0.0], "out is list, expected a numpy.ndarray", TypeError)
    read_only = np.zeros((8, 6), np.float32)
    read_only.flags.writeable = False
    refused(read_only, "out is read-only")


def test_output_that_overlaps_an_input_is_refused() -> None:
    refused(X, "out overlaps logits in memory")
    weights = np.ones((9, 6), np.float32)
    refused(weights[1:], "out overlaps weights in memory", weights=weights[:8])
    memory = np.zeros((8, 6), np.float32)
    mask = memory.reshape(-1)[:12].view(np.uint8).reshape(8, 6)
    refused(memory, "out overlaps mask in memory", mask=mask)
    wide = np.zeros((8, 12), np.float32)
    refused(wide.reshape(-1)[48:].reshape(8, 6), "out overlaps targets in memory", targets=wide[:, :6])


def test_outputs_that_overlap_each_other_are_refused() -> None:
    out = np.zeros((8, 6), np.float32)
    with pytest.raises(ce.CrossEntropyError, match=r"out\[1\] overlaps out\[0\]"):
        ce.loss_gradient_hessian(**BATCH, out=(out, out))
    with pytest.raises(ce.CrossEntropyError, match="gradient_out overlaps out"):
        ce.row_losses(**BATCH, out=out.reshape(-1)[:8], gradient_out=out)


def test_output_beside_an_input_is_accepted() -> None:
    memory = np.zeros((16, 6), np.float32)
    memory[:8] = X
    ce.losses(logits=memory[:8], targets=BATCH["targets"], out=memory[8:])
    np.testing.assert_array_equal(memory[8:], ce.losses(**BATCH))

# SPDX-License-Identifier: Apache-2.0
"""The arguments that pairwise losses accept and reject."""

from __future__ import annotations

import numpy as np
import pytest

import cross_entropy as ce
from pairs import check, drawn


def test_pairwise_losses_of_rows_of_larger_matrices_equal_definition() -> None:
    batch = drawn((12, 8, 30))
    wide = {name: np.pad(array, [(0, 0), (3, 7)], constant_values=9) for name, array in batch.items()}
    check(batch, logits=wide["logits"][:, 3:33], targets=wide["targets"][:, 3:33])
    repeated = {"logits": np.tile(batch["logits"][:1], (4, 1)), "targets": batch["targets"]}
    check(repeated, logits=np.broadcast_to(batch["logits"][0], (4, 30)))


def test_pairwise_losses_of_tensors_equal_definition() -> None:
    torch = pytest.importorskip("torch")
    batch = drawn((12, 8, 30))
    wide = {name: torch.tensor(np.pad(array, [(0, 0), (1, 2)])) for name, array in batch.items()}
    check(batch, logits=wide["logits"][:, 1:31].requires_grad_(), targets=wide["targets"][:, 1:31])
    repeated = {"logits": np.tile(batch["logits"][:1], (4, 1)), "targets": batch["targets"]}
    check(repeated, logits=torch.tensor(batch["logits"][:1]).expand(4, 30))
    halves = {name: torch.tensor(array).bfloat16() for name, array in batch.items()}
    check(
        {name: half.float().numpy() for name, half in halves.items()},
        logits=halves["logits"],
        targets=halves["targets"],
    )


def test_pairwise_losses_of_lists_and_masked_arrays_convert_them() -> None:
    expected = np.log1p(np.exp([[-2.0, 2.0]]))
    np.testing.assert_allclose(ce.pairwise_losses(logits=[[2.0]], targets=[[True], [False]]), expected, rtol=1e-14)
    targets = np.ma.masked_array([[1.0], [0.0]], mask=[[False], [False]])
    np.testing.assert_allclose(ce.pairwise_losses(logits=[[2]], targets=targets), expected, rtol=1e-14)
    with pytest.raises(ce.CrossEntropyError, match="targets has nulls"):
        ce.pairwise_losses(logits=[[2]], targets=np.ma.masked_array([[1.0]], mask=[[True]]))


def test_pairwise_losses_are_written_in_place() -> None:
    batch = drawn((5, 4, 6))
    out = np.full((5, 4), np.nan, np.float32)
    assert ce.pairwise_losses(**batch, out=out) is out
    np.testing.assert_array_equal(out, ce.pairwise_losses(**batch))


def test_pairwise_losses_of_a_number_outside_are_refused_before_writing() -> None:
    batch = drawn((3, 2, 2), np.float64, probabilities=True)
    out = np.full((3, 2), 7.0)
    outside = np.array([[0, 1], [0.5, 1.5], [0, 0]])
    with pytest.raises(ce.CrossEntropyError, match=r"targets\[1, 1\], element 3, is 1.5") as caught:
        ce.pairwise_losses(probabilities=batch["probabilities"], targets=outside[:2], out=out)
    assert (caught.value.argument, caught.value.index, caught.value.value) == ("targets", 3, 1.5)
    with pytest.raises(ce.CrossEntropyError, match=r"probabilities\[1, 1\], element 3, is 1.5"):
        ce.pairwise_losses(probabilities=outside, targets=batch["targets"], out=out)
    assert (out == 7).all()
    unchecked = ce.pairwise_losses(logits=[[0, 1]], targets=[[0.5, 1.5]], options=ce.Options(check_domains=False))
    assert unchecked[0, 0] == pytest.approx((np.log(2) + np.log1p(np.e) - 1.5) / 2, rel=1e-14)


def test_pairwise_losses_of_arguments_that_do_not_fit_are_refused() -> None:
    x, t = np.zeros((3, 4)), np.zeros((2, 3))
    with pytest.raises(ce.CrossEntropyError, match="targets has 3 columns, expected 4, as many as logits"):
        ce.pairwise_losses(logits=x, targets=t)
    with pytest.raises(ce.CrossEntropyError, match=r"logits has shape \(4,\), expected a matrix"):
        ce.pairwise_losses(logits=x[0], targets=t)
    with pytest.raises(TypeError, match="expected either logits or probabilities"):
        ce.pairwise_losses(targets=t)
    with pytest.raises(ce.CrossEntropyError, match=r"out has shape \(3, 4\), expected \(3, 3\)"):
        ce.pairwise_losses(logits=x, targets=x, out=np.zeros((3, 4)))
    with pytest.raises(ce.CrossEntropyError, match="out overlaps targets in memory"):
        square = np.zeros((3, 3))
        ce.pairwise_losses(logits=np.zeros((3, 3)), targets=square, out=square)

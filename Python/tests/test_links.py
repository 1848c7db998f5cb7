# SPDX-License-Identifier: Apache-2.0
"""Conversions between logits and probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cross_entropy as ce
from floats import FLOATS

X = np.concatenate([np.random.default_rng(90).normal(0, 5, 500), [0.0, np.inf, -np.inf, 30, -30]])


@pytest.mark.parametrize("dtype", FLOATS)
def test_probabilities_equal_the_formula(dtype: Any) -> None:
    x = X.astype(dtype)
    p = ce.probabilities(logits=x)
    assert p.dtype == (np.float64 if dtype == np.float64 else np.float32)
    np.testing.assert_allclose(p, 1 / (1 + np.exp(-x.astype(np.float64))), rtol=4 * np.finfo(p.dtype).eps)
    logits = ce.logits(probabilities=p.astype(dtype))
    wide = p.astype(dtype).astype(np.float64)
    with np.errstate(divide="ignore"):
        expected = np.log(wide) - np.log1p(-wide)
    np.testing.assert_allclose(logits, expected, rtol=1e-6 if dtype != np.float64 else 1e-13, atol=1e-7)


def test_links_keep_shapes() -> None:
    assert ce.probabilities(logits=X.reshape(5, -1)).shape == (5, 101)
    assert ce.probabilities(logits=[[0], [0]]).tolist() == [[0.5], [0.5]]
    assert ce.logits(probabilities=0.5).shape == ()
    assert ce.logits(probabilities=np.zeros((0, 2))).shape == (0, 2)


def test_links_write_in_place() -> None:
    expected = ce.probabilities(logits=X)
    x = X.copy()
    assert ce.probabilities(logits=x, out=x, threads=1) is x
    np.testing.assert_array_equal(x, expected)
    ce.logits(probabilities=x, out=x)
    np.testing.assert_allclose(x[:500], X[:500], rtol=1e-9)


def test_links_refuse_what_they_cannot_write_or_read() -> None:
    x = X.copy()
    with pytest.raises(ce.CrossEntropyError, match="out overlaps logits"):
        ce.probabilities(logits=x[1:], out=x[:-1])
    with pytest.raises(ce.CrossEntropyError, match="logits has shape .*ascontiguousarray"):
        ce.probabilities(logits=x[::2])
    with pytest.raises(ce.CrossEntropyError, match="logits has shape .*ascontiguousarray"):
        ce.probabilities(logits=x.reshape(5, -1)[:, :3])
    with pytest.raises(TypeError, match="probabilities has dtype int64, expected float16, float32, float64"):
        ce.logits(probabilities=np.array([0, 1]))
    with pytest.raises(ce.CrossEntropyError, match="threads is 0"):
        ce.logits(probabilities=[0.5], threads=0)


def test_logit_outside_the_domain_is_nan() -> None:
    assert np.isnan(ce.logits(probabilities=[-0.5, 1.5])).all()

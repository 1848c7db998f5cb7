# SPDX-License-Identifier: Apache-2.0
"""Gradients and the diagonal of the Hessian."""

from __future__ import annotations

from typing import Any, Dict

import numpy as np
import pytest

import cross_entropy as ce
from oracle import Definition

generator = np.random.default_rng(70)
LOGITS: Dict[str, Any] = {"logits": generator.normal(0, 2, (40, 6)), "targets": generator.random((40, 6))}
PROBABILITIES: Dict[str, Any] = {"probabilities": generator.random((40, 6)), "targets": LOGITS["targets"]}
OPTIONS = [
    ce.Options(),
    ce.Options(reduction="sum", label_smoothing=0.2),
    ce.Options(reduction="weighted-mean", positive_weight=3),
]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("batch", [LOGITS, PROBABILITIES], ids=["logits", "probabilities"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradient_equals_definition(batch: Any, dtype: Any, options: ce.Options) -> None:
    batch = {name: array.astype(dtype) for name, array in batch.items()}
    expected = Definition(batch, options)
    scale = (2.5 / expected.divisor()).astype(float)
    tolerance = 10 * np.finfo(dtype).eps * scale * expected.slope_scale.astype(float)
    loss, gradient = ce.loss_and_gradient(**batch, options=options, gradient_scale=2.5)
    assert loss == pytest.approx(float(expected.reduced()), rel=1e-12 if dtype == np.float64 else 2e-7)
    assert gradient.dtype == dtype
    assert (abs(gradient - scale * expected.slopes) <= tolerance).all()
    np.testing.assert_array_equal(ce.gradient(**batch, options=options, gradient_scale=2.5), gradient)


@pytest.mark.parametrize("options", OPTIONS)
def test_hessian_equals_definition(options: ce.Options) -> None:
    expected = Definition(LOGITS, options)
    loss, gradient, hessian = ce.loss_gradient_hessian(**LOGITS, options=options, gradient_scale=-2)
    assert loss == pytest.approx(ce.loss(**LOGITS, options=options), rel=1e-14)
    np.testing.assert_array_equal(gradient, ce.gradient(**LOGITS, options=options, gradient_scale=-2))
    np.testing.assert_allclose(hessian, (-2 * expected.curvatures / expected.divisor()).astype(float), rtol=1e-12)


@pytest.mark.parametrize("gamma, alpha", [(2, 0.25), (0.5, None), (3, 0.9)])
def test_gradient_of_focal_loss_equals_difference_quotient(gamma: float, alpha: Any) -> None:
    options = ce.Options(reduction="sum", focal_gamma=gamma, focal_alpha=alpha)
    step = np.longdouble(2) ** -20
    higher = Definition({**LOGITS, "logits": LOGITS["logits"].astype(np.longdouble) + step}, options).losses
    lower = Definition({**LOGITS, "logits": LOGITS["logits"].astype(np.longdouble) - step}, options).losses
    # The quotient has an error below step^2 times the third derivative, plus a rounding error of 2^-63 / step.
    quotient = ((higher - lower) / (2 * step)).astype(float)
    np.testing.assert_allclose(ce.gradient(**LOGITS, options=options), quotient, rtol=1e-8, atol=1e-10)


def test_gradient_of_clipped_probabilities_is_zero_there() -> None:
    options = ce.Options(clipping=ce.Clipping.clipped(0.1), reduction="sum")
    gradient = ce.gradient(probabilities=[0.05, 0.2, 0.95], targets=[1, 1, 1], options=options)
    assert gradient.tolist() == pytest.approx([0, -5, 0])


def test_derivatives_of_elements_that_do_not_count_are_zero() -> None:
    mask = generator.random((40, 6)) < 0.5
    _, gradient, hessian = ce.loss_gradient_hessian(**LOGITS, mask=mask)
    assert not gradient[~mask].any() and not hessian[~mask].any()
    assert gradient[mask].all() and hessian[mask].all()


def test_derivatives_of_no_elements_are_empty() -> None:
    empty: Dict[str, Any] = {"logits": np.zeros((0, 3)), "targets": np.zeros((0, 3))}
    loss, gradient, hessian = ce.loss_gradient_hessian(**empty)
    assert np.isnan(loss) and gradient.shape == hessian.shape == (0, 3)


def test_hessian_of_probabilities_is_refused() -> None:
    with pytest.raises(ce.CrossEntropyError, match="hessian is not available for probabilities"):
        ce.loss_gradient_hessian(**PROBABILITIES)

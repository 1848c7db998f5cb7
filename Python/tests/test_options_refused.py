# SPDX-License-Identifier: Apache-2.0
"""Options and numbers that are rejected, with errors that have the name and the value."""

from __future__ import annotations

import math
from typing import Any, Dict

import numpy as np
import pytest

import cross_entropy as ce

BATCH: Dict[str, Any] = {"logits": np.zeros((3, 4)), "targets": np.zeros((3, 4))}


@pytest.mark.parametrize(
    "arguments, name, value",
    [
        ({"label_smoothing": 1.5}, "label_smoothing", 1.5),
        ({"positive_weight": -2}, "positive_weight", -2),
        ({"focal_gamma": -0.5}, "focal_gamma", -0.5),
        ({"focal_alpha": 1.25}, "focal_alpha", 1.25),
        ({"focal_alpha": -1}, "focal_alpha", -1),
        ({"missing_targets": 0.5}, "missing_targets", 0.5),
        ({"clipping": ce.Clipping.clipped(0.5)}, "clipping", 0.5),
        ({"clipping": ce.Clipping.log_floor(1)}, "clipping", 1),
        ({"probability_gradient": ce.ProbabilityGradient.bounded_factors(2)}, "probability_gradient", 2),
        ({"threads": 0}, "threads", 0),
    ],
)
def test_option_outside_its_domain_is_named(arguments: Any, name: str, value: float) -> None:
    with pytest.raises(ce.CrossEntropyError, match=rf"^{name} is {value}, expected") as caught:
        ce.Options(**arguments)
    assert (caught.value.argument, caught.value.value) == (name, value)


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        (
            {"reduction": "average"},
            ValueError,
            "reduction is 'average', expected one of 'mean', 'sum', 'weighted-mean'",
        ),
        ({"clipping": ce.Clipping("hard")}, ValueError, "clipping is 'hard', expected one of 'unclipped', 'clipped'"),
        ({"clipping": 1e-7}, TypeError, "clipping is 1e-07, expected a cross_entropy.Clipping"),
        ({"label_smoothing": "much"}, TypeError, "label_smoothing is 'much', expected a number"),
        ({"label_smoothing": math.nan}, ValueError, "label_smoothing is nan, expected"),
        ({"missing_targets": "nan?"}, TypeError, "missing_targets is 'nan\\?', expected a number"),
        ({"threads": 1.5}, TypeError, "threads is 1.5, expected a whole number"),
    ],
)
def test_option_of_a_wrong_kind_is_named(arguments: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        ce.Options(**arguments)


@pytest.mark.parametrize(
    "function, arguments, message",
    [
        (ce.loss, {**BATCH, "options": "keras"}, "options is 'keras', expected a cross_entropy.Options or None"),
        (ce.gradient, {**BATCH, "gradient_scale": "2x"}, "gradient_scale is '2x', expected a number"),
        (ce.row_losses, {**BATCH, "gradient_scale": [1]}, r"gradient_scale is \[1\], expected a number"),
        (ce.GroupedLosses, {"group_count": 2.5}, "group_count is 2.5, expected a whole number"),
        (ce.Evaluation, {"bin_count": "10"}, "bin_count is '10', expected a whole number"),
    ],
)
def test_argument_of_a_wrong_kind_is_named(function: Any, arguments: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        function(**arguments)


@pytest.mark.parametrize("count", [2**64 + 3, -(2**64) + 3, 2**70])
def test_number_beyond_64_bits_is_not_taken_by_its_lowest_bits(count: int) -> None:
    for make in (ce.GroupedLosses, ce.GroupedLosses(1).extend, ce.Evaluation):
        with pytest.raises(ce.CrossEntropyError, match=f"is {count}, expected a number of 64 bits"):
            make(count)
    assert ce.loss(**BATCH, options=ce.Options(threads=2**40)) == ce.loss(**BATCH)

# SPDX-License-Identifier: Apache-2.0
"""The signatures and docstrings that ``help`` and editors show."""

from __future__ import annotations

import inspect
from typing import Any, Optional, get_type_hints

import pytest

import cross_entropy as ce

ARRAYS = ["targets", "logits", "probabilities", "weights", "row_weights", "column_weights"]
ARRAYS += ["positive_weights", "positive_column_weights", "mask"]
WITH_ARRAYS = [
    ce.loss,
    ce.losses,
    ce.gradient,
    ce.loss_and_gradient,
    ce.loss_gradient_hessian,
    ce.row_losses,
    ce.column_losses,
    ce.report,
    ce.evaluate,
    ce.Accumulator.add,
    ce.GroupedLosses.add,
    ce.Evaluation.add,
]


@pytest.mark.parametrize("function", WITH_ARRAYS, ids=lambda function: str(function.__qualname__))
def test_signature_shows_each_array(function: Any) -> None:
    parameters = inspect.signature(function).parameters
    assert [name for name in parameters if name in ARRAYS] == ARRAYS
    assert all(parameters[name].kind is inspect.Parameter.KEYWORD_ONLY for name in ARRAYS)
    assert parameters["targets"].default is inspect.Parameter.empty
    assert parameters["mask"].default is None and parameters["options"].default is None


@pytest.mark.parametrize("function", WITH_ARRAYS, ids=lambda function: str(function.__qualname__))
def test_annotations_can_be_resolved(function: Any) -> None:
    hints = get_type_hints(function)
    assert set(hints) == {*inspect.signature(function).parameters, "return"} - {"self"}
    assert hints["options"] == Optional[ce.Options]
    assert hints["mask"] == Optional[hints["targets"]]


@pytest.mark.parametrize("name", [name for name in ce.__all__ if not name.startswith("__")])
def test_public_name_has_a_docstring(name: str) -> None:
    assert inspect.getdoc(getattr(ce, name))
    for member, value in vars(getattr(ce, name)).items() if inspect.isclass(getattr(ce, name)) else ():
        assert member.startswith("_") or not callable(value) or inspect.getdoc(value), member

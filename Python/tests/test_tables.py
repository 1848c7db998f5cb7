# SPDX-License-Identifier: Apache-2.0
"""Tables of other packages: a column is read, and the message about a whole table says how it becomes a matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cross_entropy as ce

generator = np.random.default_rng(140)
COLUMNS = {name: generator.normal(size=20) for name in ("a", "b", "c")}
MATRIX = np.stack(list(COLUMNS.values()), axis=1)
TARGETS = generator.random((20, 3)) < 0.3
#: Package, and the name of the function that makes a table of a dict of columns.
PACKAGES = [("pandas", "DataFrame"), ("polars", "DataFrame"), ("pyarrow", "table")]


def table_of(package: str, function: str) -> Any:
    return getattr(pytest.importorskip(package), function)(COLUMNS)


@pytest.mark.parametrize("package, function", PACKAGES)
def test_column_of_a_table_equals_array(package: str, function: str) -> None:
    column = table_of(package, function)["b"]
    expected = np.mean(np.logaddexp(0, COLUMNS["b"]) - TARGETS[:, 1] * COLUMNS["b"])
    assert ce.loss(logits=column, targets=TARGETS[:, 1].copy()) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("package, function", PACKAGES)
def test_table_is_refused_and_accepted_as_its_message_says(package: str, function: str) -> None:
    table = table_of(package, function)
    with pytest.raises((TypeError, ce.CrossEntropyError), match=r"pass numpy\.ascontiguousarray\(logits\)$") as caught:
        ce.column_losses(logits=table, targets=TARGETS)
    advice = str(caught.value).partition("pass ")[2]
    matrix = eval(advice, {"numpy": np, "logits": table})
    expected = np.mean(np.logaddexp(0, MATRIX) - TARGETS * MATRIX, axis=0)
    np.testing.assert_allclose(ce.column_losses(logits=matrix, targets=TARGETS), expected, rtol=1e-12)


def test_struct_is_refused() -> None:
    arrow = pytest.importorskip("pyarrow")
    struct = arrow.array([{"a": 1.0}, {"a": 2.0}])
    with pytest.raises(TypeError, match="logits is a table or a struct, expected one column of it"):
        ce.loss(logits=struct, targets=[0, 1])
    assert ce.loss(logits=struct.field("a"), targets=[0, 1]) == ce.loss(logits=[1.0, 2.0], targets=[0, 1])

# SPDX-License-Identifier: Apache-2.0
"""Losses by group."""

from __future__ import annotations

import pickle
from typing import Any, Dict

import numpy as np
import pytest

import cross_entropy as ce
from oracle import Definition

generator = np.random.default_rng(120)
COUNT, GROUPS = 2000, 7
BATCH: Dict[str, Any] = {"logits": generator.normal(0, 2, COUNT), "targets": generator.random(COUNT) < 0.3}
NUMBERS = generator.integers(0, GROUPS - 1, COUNT)


def filled() -> ce.GroupedLosses:
    groups = ce.GroupedLosses(GROUPS)
    groups.add(**BATCH, groups=NUMBERS)
    return groups


def assert_same(left: ce.GroupedLosses, right: ce.GroupedLosses) -> None:
    """Compare structured arrays. In NumPy, structs that contain the same NaN are not equal."""
    for field in left.losses().dtype.names or ():
        np.testing.assert_array_equal(left.losses()[field], right.losses()[field])


def test_losses_of_groups_equal_definition() -> None:
    losses = Definition(BATCH).losses.astype(float)
    table = filled().losses()
    for group in range(GROUPS - 1):
        chosen, row = NUMBERS == group, table[group]
        assert row["count"] == chosen.sum() and row["target_sum"] == BATCH["targets"][chosen].sum()
        assert row["sum"] == pytest.approx(losses[chosen].sum(), rel=1e-12)
        assert row["mean"] == pytest.approx(losses[chosen].mean(), rel=1e-12)
        assert row["mean_error"] == pytest.approx(losses[chosen].std(ddof=1) / np.sqrt(chosen.sum()), rel=1e-9)
    assert table[GROUPS - 1]["count"] == 0 and np.isnan(table[GROUPS - 1]["mean"])


def test_group_has_the_weights_of_its_elements() -> None:
    weights = generator.random(COUNT)
    groups = ce.GroupedLosses(GROUPS)
    groups.add(**BATCH, weights=weights, groups=NUMBERS)
    losses = Definition(BATCH).losses.astype(float)
    chosen = NUMBERS == 2
    assert groups[2].weighted_mean == pytest.approx(np.average(losses[chosen], weights=weights[chosen]), rel=1e-12)
    assert groups[2].weight_sum == pytest.approx(weights[chosen].sum(), rel=1e-12)


def test_group_by_number_is_the_row_of_the_table() -> None:
    groups = filled()
    assert len(groups) == GROUPS and groups.element_count == COUNT
    assert isinstance(groups[3], ce.GroupLoss) and isinstance(groups[3].count, int)
    assert groups[3].sum == groups.losses()["sum"][3] == groups[3 - GROUPS].sum
    assert [group.count for group in groups] == groups.losses()["count"].tolist()
    for number in (GROUPS, -GROUPS - 1):
        with pytest.raises(IndexError, match=f"group is {number}, expected a number below {GROUPS}"):
            groups[number]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32, np.int32, np.int64])
def test_groups_of_each_type_are_the_same(dtype: Any) -> None:
    groups = ce.GroupedLosses(GROUPS)
    groups.add(**BATCH, groups=NUMBERS.astype(dtype))
    assert_same(groups, filled())


@pytest.mark.parametrize("shape", [(1, 6), (6, 1), (4, 6), (2, 4, 3), (0, 3), (3, 0), (1, 0), (0,)])
def test_matrix_has_a_group_for_each_row(shape: Any) -> None:
    batch: Dict[str, Any] = {"logits": generator.normal(size=shape), "targets": generator.random(shape)}
    numbers = np.arange(np.prod(shape[:-1] if len(shape) > 1 else shape, dtype=int)) % 3
    groups = ce.GroupedLosses(3)
    groups.add(**batch, groups=numbers)
    losses = Definition(batch).losses.astype(float).reshape(len(numbers), -1) if len(numbers) else np.zeros((0, 1))
    for group in range(3):
        assert groups[group].count == losses[numbers == group].size
        assert groups[group].sum == pytest.approx(losses[numbers == group].sum(), rel=1e-12)


def test_groups_merge_by_number_or_by_table() -> None:
    merged = filled()
    merged.merge(filled())
    assert merged[1].sum == 2 * filled()[1].sum
    renumbered = ce.GroupedLosses(2)
    renumbered.merge(filled(), groups=[0, 1, 1, 1, 1, 1, 1])
    assert renumbered[0] == filled()[0] and renumbered[1].count == COUNT - filled()[0].count
    with pytest.raises(ce.CrossEntropyError):
        renumbered.merge(filled(), groups=[0, 1, 1, 1, 1, 1, 2])
    with pytest.raises(ce.CrossEntropyError):
        renumbered.merge(filled(), groups=[0, 1])


def test_extension_adds_empty_groups() -> None:
    groups = filled()
    groups.extend(GROUPS + 3)
    assert len(groups) == GROUPS + 3 and groups[1] == filled()[1]
    groups.add(logits=[0.0], targets=[1], groups=[GROUPS + 2])
    assert groups[-1].mean == pytest.approx(np.log(2))


def test_groups_that_do_not_fit_are_refused() -> None:
    groups = filled()
    for numbers, message in [
        (np.where(NUMBERS == 3, GROUPS, NUMBERS), rf"groups\[{np.argmax(NUMBERS == 3)}\] is {GROUPS}, expected"),
        (np.where(NUMBERS == 3, -1, NUMBERS), rf"groups\[{np.argmax(NUMBERS == 3)}\] is -1, expected"),
        (NUMBERS[1:], f"groups has {COUNT - 1} numbers, expected {COUNT}, one for each element"),
    ]:
        with pytest.raises(ce.CrossEntropyError, match=message):
            groups.add(**BATCH, groups=numbers)
    with pytest.raises(TypeError, match="groups has dtype float64, expected uint8, uint16, uint32, int32 or int64"):
        groups.add(**BATCH, groups=NUMBERS.astype(float))
    assert_same(groups, filled())
    with pytest.raises(ce.CrossEntropyError, match="group_count is -1"):
        ce.GroupedLosses(-1)


def test_pickled_groups_are_exact() -> None:
    groups = filled()
    copied = pickle.loads(pickle.dumps(groups))
    assert_same(copied, groups)
    copied.add(**BATCH, groups=NUMBERS)
    groups.merge(filled())
    assert_same(copied, groups)
    assert len(pickle.loads(pickle.dumps(ce.GroupedLosses(0)))) == 0

# SPDX-License-Identifier: Apache-2.0
"""The log loss of two classes, compared with scikit-learn's."""

from __future__ import annotations

import warnings
from typing import Any, Dict, List, Tuple

import numpy as np
import pytest

import cross_entropy as ce

reference = pytest.importorskip("sklearn.metrics").log_loss
RELEASE = tuple(map(int, pytest.importorskip("sklearn").__version__.split(".")[:2]))

CLASSES: List[Any] = [(0, 1), (-1, 1), (2, 7), (False, True), ("ham", "spam"), (0.0, 1.0)]


def drawn(seed: int) -> Tuple[Any, Any, Dict[str, Any]]:
    """Arguments with random types, shapes and values."""
    generator = np.random.default_rng(seed)
    count = int(generator.integers(2, 60))
    classes = CLASSES[generator.integers(len(CLASSES))]
    y = np.array(classes)[generator.integers(0, 2, count)]
    y[:2] = generator.permutation(classes)
    p = 1 / (1 + np.exp(-generator.normal(0, 6, count)))
    p[generator.random(count) < 0.1] = generator.integers(0, 2)
    p = [p, p[:, None], np.stack([1 - p, p], axis=1)][generator.integers(3)]
    more: Dict[str, Any] = {"normalize": bool(generator.integers(2))}
    if generator.integers(2):
        more["sample_weight"] = generator.random(count).astype([np.float64, np.float32][generator.integers(2)])
    if generator.integers(2):
        more["labels"] = list(classes)
    return (y.tolist() if generator.integers(2) else y), p, more


@pytest.mark.parametrize("seed", range(300))
def test_log_loss_of_random_arguments_equals_scikit_learn(seed: int) -> None:
    y, p, more = drawn(seed)
    assert ce.log_loss(y, p, **more) == pytest.approx(reference(y, p, **more), rel=1e-12, abs=1e-15), f"seed {seed}"


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("dtype, accuracy", [(np.float32, 1e-5), (np.float16, 2e-2)])
def test_log_loss_of_smaller_types_is_clipped_by_their_epsilon(seed: int, dtype: Any, accuracy: float) -> None:
    """The tolerance is that of scikit-learn, which computes in the type of the probabilities."""
    y, p, more = drawn(seed)
    p = p.astype(dtype)
    assert ce.log_loss(y, p, **more) == pytest.approx(reference(y, p, **more), rel=accuracy), f"seed {seed}"
    certain = np.array([1, 0], dtype)
    expected = -np.log(float(np.finfo(dtype).eps))
    assert ce.log_loss([0, 1], certain) == pytest.approx(expected, rel=1e-6)


def test_log_loss_of_columns_that_nearly_sum_to_one_uses_that_of_each_class() -> None:
    y, p = [0, 1, 1], np.array([[0.3, 0.7 + 1e-9], [0.2 - 1e-9, 0.8], [1e-9, 1.0]])
    assert ce.log_loss(y, p) == pytest.approx(reference(y, p), rel=1e-15)


def test_log_loss_of_columns_that_do_not_sum_to_one_warns_as_scikit_learn() -> None:
    y, p = [0, 1], [[0.2, 0.7], [0.3, 0.3]]
    with pytest.warns(UserWarning, match="do not sum to one"):
        result = ce.log_loss(y, p)
    with pytest.warns(UserWarning, match="do not sum to one"):
        assert result == pytest.approx(reference(y, p), rel=1e-15)


def test_log_loss_of_one_class_with_labels_takes_them_in_order() -> None:
    assert ce.log_loss([1, 1], [0.2, 0.3], labels=[0, 1]) == pytest.approx(-np.log([0.2, 0.3]).mean(), rel=1e-15)
    with pytest.warns(UserWarning, match=r"in the order \[0, 1\]"):
        assert ce.log_loss([1, 1], [0.2, 0.3], labels=[1, 0]) == pytest.approx(-np.log([0.2, 0.3]).mean(), rel=1e-15)


def test_log_loss_of_objects_and_columns_reads_them() -> None:
    expected = reference(["a", "b"], [0.2, 0.3])
    assert ce.log_loss(np.array(["a", "b"], object), [0.2, 0.3]) == pytest.approx(expected, rel=1e-15)
    assert ce.log_loss([[0], [1]], [0.2, 0.3]) == pytest.approx(expected, rel=1e-15)
    both = np.array([[0.8, 0.2], [0.7, 0.3]])
    assert ce.log_loss([0, 1], both[:, 1]) == pytest.approx(expected, rel=1e-15)
    assert ce.log_loss([0, 1], np.asfortranarray(both)) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("samples", [[True, False, None], [None, True, False]])
def test_log_loss_of_missing_classes_of_pandas_is_refused(samples: Any) -> None:
    pandas = pytest.importorskip("pandas")
    with pytest.raises(ce.CrossEntropyError, match="y_true has samples that cannot be compared") as caught:
        ce.log_loss(pandas.Series(samples, dtype="boolean"), [0.2, 0.3, 0.4])
    assert caught.value.argument == "y_true"


@pytest.mark.parametrize(
    "y, p, more, message",
    [
        ([0, 1], [0.2, 1.5], {}, r"y_pred\[1\] is 1.5, expected a number in \[0, 1\]"),
        ([0, 1], [-0.5, 0.5], {}, r"y_pred\[0\] is -0.5"),
        ([0, 1], [0.5, np.nan], {}, r"y_pred\[1\] is nan"),
        ([0, 1], [[0.5, 0.5], [2, -1]], {}, r"y_pred\[1, 0\] is 2.0"),
        ([0, 1], [0.2], {}, r"y_true has shape \(2,\), expected \(1,\)"),
        ([], [], {}, "y_pred has no samples"),
        ([1, 1], [0.2, 0.3], {}, "y_true has only one class, 1, expected two: pass both"),
        ([1, 1], [0.2, 0.3], {"labels": [1]}, r"labels has 1 classes \(1\), expected two"),
        ([0, 0], [0.2, 0.3], {"labels": [0, 1, 2]}, r"labels has 3 classes \(0, 1, 2\), expected two"),
        ([0, 3], [0.2, 0.3], {"labels": [0, 1]}, r"y_true\[1\] is 3, expected 0 or 1"),
        ([0, 0], [0.2, 0.3], {"labels": ["a", "b"]}, r"y_true\[0\] is 0, expected a or b"),
        ([0, 1, 2], [0.2, 0.3, 0.4], {}, r"y_true\[2\] is 2, expected 0 or 1: only two classes are supported"),
        (["a", "c", "b"], [0.2, 0.3, 0.4], {}, r"y_true\[2\] is b, expected a or c: only two classes are supported"),
        ([0, 1], [[0.2, 0.3, 0.5]] * 2, {}, r"y_pred has shape \(2, 3\), .* only two classes are supported"),
        ([0.3, 0.7], [0.2, 0.3], {}, r"y_true\[0\] is 0.3, expected a class"),
        ([0, np.nan], [0.2, 0.3], {}, r"y_true\[1\] is nan, expected a class"),
        ([None, "a"], [0.2, 0.3], {}, "y_true has samples that cannot be compared"),
        ([0, 1], [0.2, 0.3], {"sample_weight": [1]}, r"sample_weight has shape \(1,\), expected \(2,\)"),
        ([0, 1], [0.2, 0.3], {"sample_weight": [[1], [1]]}, r"sample_weight has shape \(2, 1\), expected \(2,\)"),
        ([0, 1], [0.2, 0.3], {"sample_weight": [1, np.inf]}, r"sample_weight\[1\] is inf, expected a finite number"),
        ([0, 1], [0.2, 0.3], {"sample_weight": [0, 0], "normalize": False}, "sample_weight sums to 0"),
        ([0, 1], [0.2, 0.3], {"sample_weight": [1, -1]}, "sample_weight sums to 0"),
    ],
)
def test_log_loss_of_bad_arguments_is_refused_as_by_scikit_learn(y: Any, p: Any, more: Any, message: str) -> None:
    with pytest.raises(ce.CrossEntropyError, match=message):
        ce.log_loss(y, p, **more)
    if RELEASE < (1, 9):
        pytest.skip("scikit-learn accepts some of these arguments before version 1.9")
    # scikit-learn raises NumPy's ZeroDivisionError here.
    with warnings.catch_warnings(), pytest.raises((ValueError, ZeroDivisionError)):
        warnings.simplefilter("ignore")
        reference(y, p, **more)


def test_log_loss_y_proba_is_another_name_of_y_pred() -> None:
    assert ce.log_loss([0, 1], y_proba=[0.25, 0.75]) == ce.log_loss([0, 1], [0.25, 0.75])
    with pytest.raises(TypeError, match="one of y_pred and y_proba"):
        ce.log_loss([0, 1])
    with pytest.raises(TypeError, match="one of y_pred and y_proba"):
        ce.log_loss([0, 1], [0.25, 0.75], y_proba=[0.25, 0.75])

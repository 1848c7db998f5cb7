# SPDX-License-Identifier: Apache-2.0
"""Bad input raises an error that has the argument, the index and the value."""

from __future__ import annotations

import pickle
from typing import Any, Dict

import numpy as np
import pytest

import cross_entropy as ce

X, T = np.zeros((3, 4)), np.zeros((3, 4))
BATCH: Dict[str, Any] = {"logits": X, "targets": T}


def changed(array: Any, place: Any, value: Any) -> Any:
    array = array.copy()
    array[place] = value
    return array


def test_target_outside_its_domain_is_named() -> None:
    with pytest.raises(ce.CrossEntropyError, match=r"^targets\[1, 2\], element 6, is 1\.5, expected a number in"):
        ce.loss(logits=X, targets=changed(T, (1, 2), 1.5))
    with pytest.raises(ValueError) as caught:
        ce.losses(logits=X.reshape(-1), targets=changed(T, (1, 2), -0.25).reshape(-1))
    assert str(caught.value).startswith("targets[6] is -0.25, expected a number in [0, 1]")
    assert isinstance(caught.value, ce.CrossEntropyError)
    assert (caught.value.argument, caught.value.index, caught.value.value) == ("targets", 6, -0.25)


@pytest.mark.parametrize("value", [2, 255])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint32, np.int64])
def test_integer_target_outside_its_domain_is_named(dtype: Any, value: int) -> None:
    with pytest.raises(ce.CrossEntropyError, match=rf"targets\[3\] is {value}, expected"):
        ce.loss(logits=np.zeros(5), targets=np.array([0, 1, 1, value, 0], dtype))


@pytest.mark.parametrize("function", [ce.loss, ce.gradient, ce.report, ce.row_losses, ce.column_losses, ce.evaluate])
def test_probability_outside_its_domain_is_named(function: Any) -> None:
    with pytest.raises(ce.CrossEntropyError, match=r"probabilities\[2, 0\], element 8, is -0\.1, expected") as caught:
        function(probabilities=changed(X, (2, 0), -0.1), targets=T)
    assert (caught.value.argument, caught.value.index, caught.value.value) == ("probabilities", 8, -0.1)


def test_first_bad_element_of_three_axes_has_three_indices() -> None:
    targets = changed(np.zeros((2, 3, 4)), (1, 1, 2), 9)
    targets[1, 2, 3] = 8
    with pytest.raises(ce.CrossEntropyError, match=r"targets\[1, 1, 2\], element 18, is 9"):
        ce.loss(logits=np.zeros((2, 3, 4)), targets=targets)


@pytest.mark.parametrize(
    "arrays, message",
    [
        ({"targets": T[:2]}, r"targets has shape \(2, 4\), expected that of logits, \(3, 4\)"),
        ({"targets": T.reshape(-1)}, r"targets has shape \(12,\), expected that of logits, \(3, 4\)"),
        ({"weights": np.ones(12)}, r"weights has shape \(12,\), expected that of logits, \(3, 4\)"),
        ({"mask": np.ones((3, 1), bool)}, r"mask has shape \(3, 1\), expected that of logits, \(3, 4\)"),
        ({"positive_weights": 2.0}, r"positive_weights has shape \(\), expected that of logits, \(3, 4\)"),
        ({"row_weights": np.ones(4)}, "row_weights has 4 numbers, expected 3, one for each row"),
        ({"column_weights": np.ones(3)}, "column_weights has 3 numbers, expected 4, one for each column"),
        ({"positive_column_weights": np.ones(12)}, "positive_column_weights has 12 numbers, expected 4"),
        ({"targets": [[1], [1, 0]]}, "targets cannot become an array"),
    ],
)
def test_shape_that_does_not_fit_is_named(arrays: Any, message: str) -> None:
    with pytest.raises(ce.CrossEntropyError, match=message) as caught:
        ce.loss(**{**BATCH, **arrays})
    assert caught.value.argument == next(iter(arrays))


@pytest.mark.parametrize(
    "arrays, message",
    [
        ({"logits": X.astype(int)}, r"logits has dtype int64, expected .* pass logits.astype\(numpy.float64\)"),
        ({"logits": X.astype(np.longdouble)}, "logits has dtype float128, expected float16, float32, float64"),
        ({"targets": T.astype(object)}, r"targets has dtype object, expected .* targets.astype\(numpy.float64\)"),
        ({"targets": T.astype(str)}, "targets has dtype <U32, expected"),
        ({"targets": T.astype(complex)}, "targets has dtype complex128, expected"),
        ({"targets": [[None] * 4] * 3}, r"targets has dtype object, .* pass numpy.asarray\(targets, numpy.float64\)"),
        ({"targets": {1: 2}.values()}, "targets is dict_values, expected an array, a list or a number"),
        ({"weights": T.astype(np.float16)}, "weights has dtype float16, expected float32 or float64: pass"),
        ({"mask": T}, r"mask has dtype float64, expected bool or uint8: pass mask.astype"),
        ({"mask": T.astype(np.int8)}, "mask has dtype int8, expected bool or uint8"),
        ({"weihgts": T}, "unexpected keyword argument 'weihgts', expected targets, logits, probabilities"),
        ({"reduction": "sum"}, r"reduction is no argument.* pass options=cross_entropy\.Options\(reduction=\.\.\.\)"),
        ({"threads": 1}, r"pass options=cross_entropy\.Options\(threads=\.\.\.\)"),
        ({"probabilities": X}, "expected targets, and either logits or probabilities"),
        ({"logits": None}, "expected targets, and either logits or probabilities"),
        ({"targets": None}, "expected targets, and either logits or probabilities"),
    ],
)
def test_wrong_type_is_named(arrays: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        ce.loss(**{**BATCH, **arrays})


@pytest.mark.parametrize(
    "arrays",
    [
        {"logits": X.astype(int)},
        {"logits": X.astype(np.longdouble)},
        {"targets": [[None] * 4] * 3},
        {"weights": T.astype(np.int32)},
        {"mask": T.astype(np.int8)},
        {"logits": X.T.copy().T},
    ],
)
def test_advice_of_a_message_is_accepted(arrays: Any) -> None:
    name = next(iter(arrays))
    with pytest.raises((TypeError, ce.CrossEntropyError)) as caught:
        ce.loss(**{**BATCH, **arrays})
    advice = str(caught.value).partition("pass ")[2]
    ce.loss(**{**BATCH, name: eval(advice, {"numpy": np, **arrays})})


def test_sparse_matrix_is_refused_and_dense_one_accepted() -> None:
    targets = pytest.importorskip("scipy.sparse").csr_matrix(np.eye(3))
    with pytest.raises(TypeError, match="targets is csr_matrix, expected an array, a list or a number"):
        ce.loss(logits=np.zeros((3, 3)), targets=targets)
    assert ce.loss(logits=np.zeros((3, 3)), targets=targets.toarray()) == pytest.approx(np.log(2), rel=1e-15)


def test_error_survives_pickling() -> None:
    with pytest.raises(ce.CrossEntropyError) as caught:
        ce.loss(logits=X, targets=changed(T, (1, 2), 1.5))
    copied = pickle.loads(pickle.dumps(caught.value))
    assert (str(copied), copied.argument, copied.index, copied.value) == (str(caught.value), "targets", 6, 1.5)

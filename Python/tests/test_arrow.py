# SPDX-License-Identifier: Apache-2.0
"""Arrays of pyarrow and polars: offsets, nulls and chunks."""

from __future__ import annotations

import gc
from typing import Any, Callable, Dict, List

import numpy as np
import pytest

import cross_entropy as ce

pa = pytest.importorskip("pyarrow")

generator = np.random.default_rng(140)
COUNT = 1000
X, T, W = generator.normal(size=COUNT), generator.random(COUNT) < 0.4, generator.random(COUNT)
X_NULL, T_NULL, W_NULL, M_NULL = (generator.random(COUNT) < 0.2 for _ in range(4))
MASK = generator.random(COUNT) < 0.7

CHUNKS: "List[List[int]]" = [[0, COUNT], [0, 0, COUNT, COUNT], [0, 300, COUNT], [0, 7, 8, 8, 500, COUNT]]


def chunked(array: Any, borders: List[int]) -> Any:
    return pa.chunked_array([array.slice(a, b - a) for a, b in zip(borders, borders[1:])], type=array.type)


@pytest.mark.parametrize("name", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"])
def test_integer_targets_equal_those_of_numpy(name: str) -> None:
    assert ce.loss(logits=X, targets=pa.array(T.astype(name))) == ce.loss(logits=X, targets=T.astype(name))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_equal_those_of_numpy(dtype: Any) -> None:
    x, t = X.astype(dtype), generator.random(COUNT).astype(dtype)
    np.testing.assert_array_equal(ce.losses(logits=pa.array(x), targets=pa.array(t)), ce.losses(logits=x, targets=t))


@pytest.mark.parametrize("offset", [0, 1, 7, 8, 9, 64, 999, 1000])
def test_slices_equal_those_of_numpy(offset: int) -> None:
    arrow: Dict[str, Any] = {"logits": pa.array(X)[offset:], "targets": pa.array(T)[offset:]}
    mask = pa.array(MASK)[offset:]
    expected = ce.losses(logits=X[offset:], targets=T[offset:], mask=MASK[offset:])
    np.testing.assert_array_equal(ce.losses(**arrow, mask=mask), expected)


@pytest.mark.parametrize("offset", [0, 3, 8])
@pytest.mark.parametrize("borders", CHUNKS)
def test_nulls_do_not_count(borders: List[int], offset: int) -> None:
    def arrow(array: Any, nulls: Any) -> Any:
        padded = pa.concat_arrays([pa.array(array[:offset]), pa.array(array, mask=nulls)])
        return chunked(padded.slice(offset), borders)

    x, t, w, m = (arrow(*pair) for pair in ((X, X_NULL), (T, T_NULL), (W, W_NULL), (MASK, M_NULL)))
    cases: "List[tuple[Dict[str, Any], Any]]" = [
        ({"logits": x, "targets": T}, ~X_NULL),
        ({"logits": x, "targets": t}, ~(X_NULL | T_NULL)),
        ({"logits": X, "targets": T, "mask": m}, MASK & ~M_NULL),
        ({"logits": x, "targets": t, "weights": w, "mask": MASK}, MASK & ~(X_NULL | T_NULL | W_NULL)),
        ({"logits": x, "targets": t, "positive_weights": w, "mask": m}, MASK & ~(X_NULL | T_NULL | W_NULL | M_NULL)),
    ]
    for arrays, counts in cases:
        plain = {**arrays, "logits": X, "targets": T, "mask": counts}
        plain.update({name: W for name in ("weights", "positive_weights") if name in arrays})
        assert ce.report(**arrays) == ce.report(**plain)
        np.testing.assert_array_equal(ce.gradient(**arrays), ce.gradient(**plain))


@pytest.mark.parametrize("borders", CHUNKS)
def test_chunks_equal_one_array(borders: List[int]) -> None:
    groups = generator.integers(0, 5, COUNT)
    one, many = ce.GroupedLosses(5), ce.GroupedLosses(5)
    one.add(logits=X, targets=T, weights=W, groups=groups)
    many.add(
        logits=chunked(pa.array(X), borders),
        targets=chunked(pa.array(T), borders),
        weights=chunked(pa.array(W), borders),
        groups=chunked(pa.array(groups), borders),
    )
    assert list(one) == list(many)


def test_no_elements_have_no_loss() -> None:
    for x in (pa.array([], pa.float32()), pa.chunked_array([], pa.float32()), pa.array(X)[COUNT:]):
        assert np.isnan(ce.loss(logits=x, targets=pa.array([], pa.bool_())))


def test_series_of_polars_equal_arrays() -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"x": X, "t": T, "m": MASK})
    assert ce.loss(logits=frame["x"], targets=frame["t"]) == ce.loss(logits=X, targets=T)
    part = frame[5:700]
    assert ce.loss(logits=part["x"], targets=part["t"], mask=part["m"]) == ce.loss(
        logits=X[5:700], targets=T[5:700], mask=MASK[5:700]
    )
    nulls = pl.Series([None if null else bool(t) for t, null in zip(T, T_NULL)])
    assert ce.loss(logits=pl.concat([frame["x"][:9], frame["x"][9:]], rechunk=False), targets=nulls) == ce.loss(
        logits=X, targets=T, mask=~T_NULL
    )


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: pa.array(["a"] * COUNT), r"targets has the Arrow type 'u', expected .* cast it to float64"),
        (lambda: pa.nulls(COUNT), "targets has the Arrow type 'n', expected"),
        (lambda: pa.array(T).dictionary_encode(), "targets has the Arrow type 'dictionary', expected"),
        (lambda: pa.table({"t": T}), r"targets is a table .* one column of it, or a matrix: pass numpy.ascontig"),
    ],
)
def test_other_types_are_refused(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        ce.loss(logits=X, targets=make())


def test_nulls_where_each_number_is_needed_are_refused() -> None:
    groups = ce.GroupedLosses(3)
    with pytest.raises(ce.CrossEntropyError, match="groups has nulls, expected a number for each element: fill them"):
        groups.add(logits=X[:3], targets=T[:3], groups=pa.array([0, None, 2]))
    with pytest.raises(ce.CrossEntropyError, match="column_weights has nulls"):
        ce.loss(logits=X, targets=T, column_weights=pa.array(W, mask=W_NULL))
    with pytest.raises(ce.CrossEntropyError, match="logits has nulls"):
        ce.probabilities(logits=pa.array(X, mask=X_NULL))


def test_memory_of_arrow_is_released() -> None:
    def call() -> None:
        x, t = pa.array(X, mask=X_NULL), pa.array(T, mask=T_NULL)
        ce.loss(logits=x, targets=t)
        ce.loss(logits=chunked(x, CHUNKS[3]), targets=chunked(t, CHUNKS[1]))
        with pytest.raises(TypeError):
            ce.loss(logits=t, targets=chunked(pa.array(["text"] * COUNT), CHUNKS[2]))

    call()
    gc.collect()
    before = pa.total_allocated_bytes()
    for _ in range(20):
        call()
    gc.collect()
    assert pa.total_allocated_bytes() == before

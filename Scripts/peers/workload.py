# SPDX-License-Identifier: Apache-2.0
"""The data that all are given, the operations, and what the answers are.

Logits of a classifier that is right about them: t is 1 with the probability that p = 1 / (1 + e^-x) states. The exact
answers are computed in float64 from the rounded numbers. The type of the numbers is that of the environment's TYPE,
`float` (the default) or `double`.

| file | type | |
|---|---|---|
| x.raw, p.raw | TYPE | logits and their probabilities |
| t.raw, s.raw | TYPE | 0/1 targets; soft ones in (0, 1) |
| w.raw, r.raw, c.raw | TYPE | weights of the elements; of the rows; of the columns, of which there are `formulas.COLUMNS` |
| m.raw | bytes, 0 or 1 | a mask: nine in ten elements count |
| n.raw | TYPE | the targets of t.raw, and NaN where the mask is 0 |
"""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import formulas
import numpy as np


TYPE = os.environ.get("TYPE") or "float"
ELEMENT = {"float": np.float32, "double": np.float64}[TYPE]


@dataclass(frozen=True)
class Operation:
    title: str
    inputs: str  # the letters of the arrays that the formula takes
    formula: Callable
    loss: bool = True  # whether the mean loss is asked for
    output: str = ""  # "gradient" of the mean, or "losses", where that is asked for
    error: bool = False  # whether the standard error of the mean is added to it


def _with_gradient(name, title, inputs, formula):
    return {
        name: Operation(title, inputs, formula),
        f"{name}-gradient": Operation(f"{title}, with gradient", inputs, formula, output="gradient"),
    }


OPERATIONS = {
    "probabilities": Operation("mean loss from probabilities, 0/1 targets", "pt", formulas.probabilities),
    "soft-probabilities": Operation(
        "mean loss from probabilities, soft targets", "ps", formulas.soft_probabilities
    ),
    "probabilities-gradient": Operation(
        "gradient of probabilities, 0/1 targets", "pt", formulas.probabilities, False, "gradient"
    ),
    "soft-probabilities-gradient": Operation(
        "gradient of probabilities, soft targets", "ps", formulas.soft_probabilities, False, "gradient"
    ),
    "unreduced": Operation("losses of the elements from logits", "xt", formulas.logits, False, "losses"),
    **_with_gradient("logits", "mean loss from logits", "xt", formulas.logits),
    **_with_gradient("positive-weight", "positive weight", "xt", formulas.positive_weight),
    **_with_gradient(
        "column-positive-weights",
        f"positive weights of {formulas.COLUMNS} columns",
        "xtc",
        formulas.column_positive_weights,
    ),
    **_with_gradient("mask", "mask", "xtm", formulas.mask),
    **_with_gradient("missing", "missing targets (NaN)", "xn", formulas.missing),
    **_with_gradient("weights", "element weights", "xtw", formulas.weights),
    **_with_gradient("row-weights", f"weights of rows, {formulas.COLUMNS} columns", "xtr", formulas.row_weights),
    **_with_gradient("column-weights", f"weights of {formulas.COLUMNS} columns", "xtc", formulas.column_weights),
    **_with_gradient("smoothing", "label smoothing", "xt", formulas.smoothing),
    **_with_gradient("focal", "focal, gamma 2, alpha 0.25", "xt", formulas.focal),
    **_with_gradient("focal-1.5", "focal, gamma 1.5, alpha 0.25", "xt", formulas.focal_with_root),
    "report": Operation("mean loss from logits and its standard error", "xt", formulas.logits, error=True),
}


@dataclass(frozen=True)
class Answer:
    """What is not asked for is nan."""

    loss: float
    checksum: float  # of the gradient or of the losses; see `checksum`


def make(count):
    """The arrays by their letters."""
    generator = np.random.default_rng(count)
    x = 2 * generator.standard_normal(count, dtype=ELEMENT)
    p = (1 / (1 + np.exp(-x.astype(np.float64)))).astype(ELEMENT)
    t = (generator.random(count, dtype=ELEMENT) < p).astype(ELEMENT)
    m = (generator.random(count, dtype=np.float32) < 0.9).astype(np.uint8)
    assert 0 < p.min() and p.max() < 1  # nothing that anyone clips
    return {
        "x": x,
        "p": p,
        "t": t,
        "s": 0.9 * generator.random(count, dtype=ELEMENT) + ELEMENT(0.05),
        "n": np.where(m != 0, t, ELEMENT(np.nan)),
        "w": 0.5 + generator.random(count, dtype=ELEMENT),
        "r": 0.5 + generator.random(count // formulas.COLUMNS, dtype=ELEMENT),
        "c": 0.5 + generator.random(formulas.COLUMNS, dtype=ELEMENT),
        "m": m,
    }


def write(count, folder):
    """Writes the files, and returns the exact answer of each operation."""
    arrays = make(count)
    for name, array in arrays.items():
        array.tofile(Path(folder) / f"{name}.raw")
    return {name: _answer(operation, arrays) for name, operation in OPERATIONS.items()}


def _answer(operation, arrays):
    """In pieces, which need little memory."""
    count, piece = arrays["t"].size, 1 << 20
    loss = squares = checksum_ = 0.0
    for start in range(0, count, piece):
        rows = slice(start // formulas.COLUMNS, (start + piece) // formulas.COLUMNS)
        elements = {"c": slice(None), "r": rows}
        part = {name: a[elements.get(name, slice(start, start + piece))] for name, a in arrays.items()}
        inputs = (part[name].astype(bool if name == "m" else np.float64) for name in operation.inputs)
        losses, derivatives = operation.formula(np, *inputs)
        loss += losses.sum()
        squares += np.square(losses).sum()
        output = derivatives if operation.output == "gradient" else losses.reshape(-1)
        checksum_ += checksum(output, part["t"])
    divisor = np.count_nonzero(arrays["m"]) if {"m", "n"} & {*operation.inputs} else count
    if operation.output == "gradient":
        checksum_ /= divisor
    mean = loss / divisor
    if operation.error:
        mean += math.sqrt((squares - loss * mean) / (divisor * (divisor - 1)))
    return Answer(mean if operation.loss else math.nan, checksum_ if operation.output else math.nan)


def read(folder, count):
    """The arrays in memory, by their letters."""
    types = dict.fromkeys("xptsnwrc", ELEMENT) | {"m": np.uint8}
    arrays = {name: np.fromfile(Path(folder) / f"{name}.raw", type_) for name, type_ in types.items()}
    sizes = {"c": formulas.COLUMNS, "r": count // formulas.COLUMNS}
    assert all(array.size == sizes.get(name, count) for name, array in arrays.items())
    return arrays


def checksum(output, t):
    """The sum of the output with the factor 1 where t is 0, and -1/2 where it is 1: then what a gradient has is positive,
    and neither a wrong sign nor losses of the wrong elements go unnoticed.

    In float64, in pieces that stay in the cache.
    """
    piece = 1 << 16
    return float(
        sum(
            np.dot(output[start : start + piece].astype(np.float64), 1 - 1.5 * t[start : start + piece])
            for start in range(0, t.size, piece)
        )
    )

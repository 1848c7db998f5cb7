# SPDX-License-Identifier: Apache-2.0
"""Options: their effect, their presets, and their behavior as values."""

from __future__ import annotations

import ctypes
import dataclasses
import math
import pickle
from typing import Any, Dict

import numpy as np
import pytest

import cross_entropy as ce
from cross_entropy import _layout, _library
from oracle import Definition

generator = np.random.default_rng(40)
LOGITS: Dict[str, Any] = {"logits": generator.normal(0, 3, 200), "targets": generator.random(200)}
# Some probabilities are exactly 0 or 1, so that clipping has an effect.
CERTAIN = np.concatenate([np.repeat([0.0, 1.0, 1e-9, 1 - 1e-9], 2), generator.random(92)])
PROBABILITIES: Dict[str, Any] = {"probabilities": CERTAIN, "targets": np.tile([0.0, 1.0], 50)}
PRESETS = {"exact": 0, "keras": 1, "keras2": 2, "pytorch": 3, "scikit_learn": 4}


@pytest.mark.parametrize(
    "options",
    [
        ce.Options(label_smoothing=0.1),
        ce.Options(positive_weight=3.5),
        ce.Options(focal_gamma=2),
        ce.Options(focal_gamma=1.5, focal_alpha=0.25),
        ce.Options(focal_alpha=0),
        ce.Options(reduction="sum", label_smoothing=1, positive_weight=0, threads=1),
    ],
)
def test_option_of_the_formula_equals_definition(options: ce.Options) -> None:
    assert ce.loss(**LOGITS, options=options) == pytest.approx(float(Definition(LOGITS, options).reduced()), rel=1e-12)


@pytest.mark.parametrize(
    "clipping",
    [
        ce.Clipping.clipped(1e-3),
        ce.Clipping.clipped_twice(1e-3),
        ce.Clipping.machine_epsilon(),
        ce.Clipping.log_floor(-5),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_clipping_equals_definition(clipping: ce.Clipping, dtype: Any) -> None:
    batch = {name: array.astype(dtype) for name, array in PROBABILITIES.items()}
    options = ce.Options(clipping=clipping)
    expected = float(Definition(batch, options).reduced())
    assert ce.loss(**batch, options=options) == pytest.approx(expected, rel=2e-7 if dtype == np.float32 else 1e-12)
    assert ce.loss(**batch) == math.inf


@pytest.mark.parametrize("missing", [math.nan, -1, 2])
def test_missing_targets_do_not_count(missing: float) -> None:
    targets = np.where(np.arange(200) % 3 == 0, missing, LOGITS["targets"])
    options = ce.Options(missing_targets=missing)
    expected = ce.loss(**LOGITS, mask=np.arange(200) % 3 != 0)
    assert ce.loss(logits=LOGITS["logits"], targets=targets, options=options) == expected


def test_unchecked_domains_give_the_formula() -> None:
    options = ce.Options(check_domains=False)
    expected = math.log1p(math.e) - 2
    assert ce.loss(logits=[1.0], targets=[2], options=options) == pytest.approx(expected, rel=1e-14)


def test_gradient_of_probabilities_follows_its_rule() -> None:
    p, t, c = np.array([0.0, 1e-9, 0.3, 1.0]), np.array([1.0, 1.0, 0.0, 0.0]), 1e-6
    options = ce.Options(reduction="sum", probability_gradient=ce.ProbabilityGradient.bounded_factors(c))
    expected = -t / np.maximum(p, c) + (1 - t) / np.maximum(1 - p, c)
    np.testing.assert_allclose(ce.gradient(probabilities=p, targets=t, options=options), expected, rtol=1e-13)
    options = ce.Options(reduction="sum", probability_gradient=ce.ProbabilityGradient.bounded_product(c))
    expected = ((1 - t) * p - t * (1 - p)) / np.maximum(p * (1 - p), c)
    np.testing.assert_allclose(ce.gradient(probabilities=p, targets=t, options=options), expected, rtol=1e-13)


@pytest.mark.parametrize("name", PRESETS)
def test_preset_equals_that_of_the_library(name: str) -> None:
    memory = ctypes.create_string_buffer(_layout.OPTIONS.size)
    ctypes.c_size_t.from_buffer(memory).value = _layout.OPTIONS.size
    assert _library.ce_options_of(PRESETS[name], memory) == 0
    assert _layout.OPTIONS.unpack(getattr(ce.Options, name).packed) == _layout.OPTIONS.unpack(memory.raw)


@pytest.mark.parametrize("options", [*(getattr(ce.Options, name) for name in PRESETS), ce.Options(threads=3)])
def test_options_survive_pickling(options: ce.Options) -> None:
    copy = pickle.loads(pickle.dumps(options))
    assert copy == options and hash(copy) == hash(options) and copy.packed == options.packed


def test_options_with_nan_are_equal_whatever_nan_it_is() -> None:
    options = ce.Options(missing_targets=math.nan)
    assert options == ce.Options(missing_targets=float("nan")) == pickle.loads(pickle.dumps(options))
    assert options != ce.Options(missing_targets=-1) != ce.Options()


def test_options_replaced_keep_the_others() -> None:
    options = dataclasses.replace(ce.Options.keras, reduction="sum")
    assert options == ce.Options(reduction="sum", clipping=ce.Clipping.clipped(1e-7))
    assert ce.loss(**PROBABILITIES, options=options) == pytest.approx(
        100 * ce.loss(**PROBABILITIES, options=ce.Options.keras), rel=1e-14
    )

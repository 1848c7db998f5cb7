# SPDX-License-Identifier: Apache-2.0
"""The inputs: single elements at every edge, and matrices with weights, masks and options."""

import numpy as np

from problem import Problem

SCALARS = ("float32", "float64")
LOGITS = [0, 1e-3, -1e-3, 1, -1, 20, -20, 40, -40, 100, -100, 1e4, -1e4, np.inf, -np.inf]
PROBABILITIES = [0, 1e-8, 1e-3, 0.25, 0.5, 0.95, 1]
TARGETS = [0, 1, 0.3]


def problem(domain, scalar, predictions, targets, **options):
    p = np.atleast_2d(np.asarray(predictions, scalar))
    t = np.atleast_2d(np.asarray(targets, scalar))
    return Problem(domain, scalar, p, t, **options)


def single(domain, scalar, **options):
    """One element: every prediction with every target."""
    for prediction in LOGITS if domain == "logits" else PROBABILITIES:
        for target in TARGETS:
            yield problem(domain, scalar, [prediction], [target], **options)


def matrix(domain, scalar, rows, columns, seed, soft=False, **options):
    """Random predictions with standard deviation 3 as logits, and random targets."""
    random = np.random.default_rng(seed)
    x = np.round(random.normal(0, 3, (rows, columns)), 3)
    predictions = x if domain == "logits" else np.round(1 / (1 + np.exp(-x)), 4)
    targets = np.round(random.random((rows, columns)), 2) if soft else random.integers(0, 2, (rows, columns))
    return problem(domain, scalar, predictions, targets, **options)


def tutorial(scalar, **options):
    return problem("probabilities", scalar, [0.1, 0.95, 0.2, 0.6], [0, 1, 0, 0], **options)


def with_nan(domain, scalar):
    yield problem(domain, scalar, [np.nan, 0.5], [1, 0])
    yield problem(domain, scalar, [0.5, 0.5], [np.nan, 0])

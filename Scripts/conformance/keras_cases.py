# SPDX-License-Identifier: Apache-2.0
"""Keras on TensorFlow, Keras 2 (tf_keras), and Keras's focal loss."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import tensorflow as tf
import tf_keras

from case import Case
from grid import SCALARS, matrix, single, tutorial, with_nan

VERSION = f"keras {keras.__version__}, tensorflow {tf.__version__}"
REDUCTIONS = {"mean": "sum_over_batch_size", "sum": "sum", "weighted-mean": "mean_with_sample_weight"}


def evaluate(problem, library=keras):
    """Elements are given as rows of one column, so that Keras's mean over the last axis is no mean."""
    x = tf.constant(problem.predictions.reshape(-1, 1))
    t = tf.constant(problem.targets.reshape(-1, 1))
    weights = None if problem.weights is None else tf.constant(problem.weight_matrix().reshape(-1, 1))
    arguments = dict(
        from_logits=problem.domain == "logits", label_smoothing=problem.label_smoothing,
        reduction=REDUCTIONS[problem.reduction] if library is keras else "sum_over_batch_size")
    kind = "BinaryCrossentropy"
    if problem.gamma is not None:
        kind = "BinaryFocalCrossentropy"
        arguments |= dict(gamma=problem.gamma, apply_class_balancing=problem.alpha is not None)
        if problem.alpha is not None:
            arguments |= dict(alpha=problem.alpha)
    if library is keras:
        arguments["dtype"] = problem.scalar
    loss = getattr(library.losses, kind)(**arguments)
    call = f"{kind}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = loss(t, x, sample_weight=weights)
    if problem.quantity == "gradient":
        return "gradient of " + call, tape.gradient(value, x).numpy().reshape(-1)
    return call, value.numpy()


def case(problem):
    call, answer = evaluate(problem)
    cancels = "1 - p" if problem.domain == "probabilities" else "s" if problem.quantity == "gradient" else "x"
    return Case("keras", VERSION, call, problem, answer, cancels)


def keras2(problem):
    call, answer = evaluate(problem, tf_keras)
    return Case("tf_keras", f"tf_keras {tf_keras.__version__}", call, problem, answer, "1 - p")


def rows(problem):
    """Keras's mean over the last axis."""
    loss = keras.losses.BinaryCrossentropy(
        from_logits=problem.domain == "logits", reduction=None, dtype=problem.scalar)
    answer = loss(problem.targets, problem.predictions).numpy()
    return Case("keras", VERSION, "BinaryCrossentropy(reduction=None)", problem, answer, "x")


def masked(problem):
    x = tf.constant(problem.predictions.reshape(-1, 1))
    x._keras_mask = tf.constant([bool(bit) for bit in problem.mask])
    loss = keras.losses.BinaryCrossentropy(from_logits=True, dtype=problem.scalar)
    return Case("keras", VERSION, "BinaryCrossentropy(from_logits=True) with _keras_mask", problem,
                loss(problem.targets.reshape(-1, 1), x).numpy(), "x")


def cases():
    for scalar in SCALARS:
        for one in single("logits", scalar):
            yield case(one)
        for one in single("probabilities", scalar, preset="keras"):
            yield case(one)
            yield keras2(one.with_(preset="keras2"))
        for one in single("probabilities", scalar, preset="keras", quantity="gradient"):
            yield case(one)
        for smoothing in (0.0, 0.1, 1.0):
            yield case(tutorial(scalar, preset="keras", label_smoothing=smoothing))
            for soft in (False, True):
                for quantity in ("loss", "gradient"):
                    yield case(matrix("logits", scalar, 3, 4, 6, soft, label_smoothing=smoothing, quantity=quantity))
        for weights, by in (([0, 1, 2, 0.5] * 3, "element"), ([0, 1, 2.5], "row"), ([1, 0, 2, 3], "column"), ([0] * 12, "element")):
            for reduction in REDUCTIONS:
                yield case(matrix("logits", scalar, 3, 4, 7, weights=weights, weights_by=by, reduction=reduction))
        yield rows(matrix("logits", scalar, 7, 1000, 8, quantity="rowLosses"))
        yield rows(matrix("logits", scalar, 5, 3, 9, True, quantity="rowLosses"))
        yield masked(matrix("logits", scalar, 3, 4, 10, mask=[1, 0, 1, 1] * 3))
        for one in with_nan("logits", scalar):
            yield case(one)
        for one in with_nan("probabilities", scalar):
            yield case(one.with_(preset="keras"))
        for gamma in (0.0, 0.5, 1.0, 2.0, 5.0):
            for alpha in (None, 0.25):
                yield case(matrix("logits", scalar, 3, 4, 11, gamma=gamma, alpha=alpha))
                yield case(matrix("probabilities", scalar, 3, 4, 11, True, gamma=gamma, alpha=alpha, preset="keras"))

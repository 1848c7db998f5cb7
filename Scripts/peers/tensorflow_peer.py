# SPDX-License-Identifier: Apache-2.0
"""TensorFlow and Keras: eager, and compiled by XLA (`jit_compile=True`); for the plain losses."""

import os

PACKAGES = ["tensorflow", "keras"]
data = None


def configure(threads):
    global tensorflow, keras
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    if threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    import keras
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(threads)


def load(arrays):
    global data
    data = {name: tensorflow.constant(arrays[name]) for name in "xpt"}


def keras_probabilities(p, t):
    return keras.losses.binary_crossentropy(t, p)


def select_probabilities(p, t):
    """One logarithm per element, which 0/1 targets allow."""
    return -tensorflow.reduce_mean(tensorflow.math.log(tensorflow.where(t > 0.5, p, 1 - p)))


def keras_logits(x, t):
    return keras.losses.binary_crossentropy(t, x, from_logits=True)


def from_logits(x, t):
    return tensorflow.reduce_mean(tensorflow.nn.sigmoid_cross_entropy_with_logits(labels=t, logits=x))


def tape(x, t):
    with tensorflow.GradientTape() as tape:
        tape.watch(x)
        loss = from_logits(x, t)
    return loss, tape.gradient(loss, x)


def closed_form(x, t):
    count = tensorflow.cast(tensorflow.size(x), x.dtype)
    return from_logits(x, t), (tensorflow.sigmoid(x) - t) / count


_compiled = {}


def compiled(function):
    if function not in _compiled:
        _compiled[function] = tensorflow.function(function, jit_compile=True)
    return _compiled[function]


def value(function, *names):
    return lambda: float(function(*(data[name] for name in names)))


def gradient(function):
    def call():
        loss, gradient = function(data["x"], data["t"])
        return float(loss), gradient

    return call


def ways(operation):
    if operation == "probabilities":
        return {
            "keras-eager": value(keras_probabilities, "p", "t"),
            "keras-XLA": value(compiled(keras_probabilities), "p", "t"),
            "tf.function-XLA-select": value(compiled(select_probabilities), "p", "t"),
        }
    if operation == "logits":
        return {
            "keras-eager": value(keras_logits, "x", "t"),
            "keras-XLA": value(compiled(keras_logits), "x", "t"),
            "tf.function-XLA": value(compiled(from_logits), "x", "t"),
        }
    if operation == "logits-gradient":
        return {
            "tf-eager-tape": gradient(tape),
            "tf.function-XLA-tape": gradient(compiled(tape)),
            "tf.function-XLA-closed-form": gradient(compiled(closed_form)),
        }
    return {}

# SPDX-License-Identifier: Apache-2.0
"""JAX: everything under `jax.jit`, that is XLA for the CPU."""

import os

PACKAGES = ["jax", "jaxlib"]
data = None


def configure(threads):
    global jax, numpy
    if threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax
    from jax import numpy


def load(x, p, t):
    global data
    x, p, t = (jax.block_until_ready(numpy.array(array)) for array in (x, p, t))
    data = {"x": x, "p": p, "t": t, "gradient": numpy.zeros_like(x)}


def from_probabilities(p, t):
    return -numpy.mean(t * numpy.log(p) + (1 - t) * numpy.log1p(-p))


def select_probabilities(p, t):
    """One logarithm an element, which 0/1 targets allow."""
    return -numpy.mean(numpy.log(numpy.where(t > 0.5, p, 1 - p)))


def from_logits(x, t):
    return numpy.mean(numpy.maximum(x, 0) - x * t + numpy.log1p(numpy.exp(-numpy.abs(x))))


def automatic(x, t, _):
    return jax.value_and_grad(from_logits)(x, t)


def closed_form(x, t, _):
    return from_logits(x, t), (jax.nn.sigmoid(x) - t) / x.size


_jitted = {}


def jitted(function, **options):
    if function not in _jitted:
        _jitted[function] = jax.jit(function, **options)
    return _jitted[function]


def value(function, *names):
    function = jitted(function)
    return lambda: float(function(*(data[name] for name in names)))


def gradient(function):
    """The buffer of the last gradient is donated, so that XLA may write the next one there."""
    function = jitted(function, donate_argnums=2, keep_unused=True)

    def call():
        loss, data["gradient"] = function(data["x"], data["t"], data["gradient"])
        data["gradient"].block_until_ready()
        return float(loss), data["gradient"]

    return call


def ways(operation):
    if operation == "probabilities":
        return {
            "jax.jit": value(from_probabilities, "p", "t"),
            "jax.jit-select": value(select_probabilities, "p", "t"),
        }
    if operation == "logits":
        return {"jax.jit": value(from_logits, "x", "t")}
    return {
        "jax.jit-value_and_grad": gradient(automatic),
        "jax.jit-closed-form": gradient(closed_form),
    }

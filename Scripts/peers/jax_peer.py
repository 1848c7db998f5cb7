# SPDX-License-Identifier: Apache-2.0
"""JAX: everything under `jax.jit`, that is XLA for the CPU."""

import os

import workload

PACKAGES = ["jax", "jaxlib"]
data = None


def configure(threads):
    global jax, numpy
    if threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax
    from jax import numpy

    jax.config.update("jax_enable_x64", workload.TYPE == "double")


def load(arrays):
    global data
    arrays = arrays | {"m": arrays["m"].view(bool)}
    data = {name: jax.block_until_ready(numpy.array(array)) for name, array in arrays.items()}
    data["output"] = numpy.zeros_like(data["x"])


def from_probabilities(p, t):
    return -numpy.mean(t * numpy.log(p) + (1 - t) * numpy.log1p(-p))


def mean(operation):
    def function(*inputs):
        losses = operation.formula(numpy, *inputs)[0]
        value = numpy.sum(losses) / divisor(operation, *inputs)
        return value + numpy.std(losses, ddof=1) / losses.size**0.5 if operation.error else value

    return function


def divisor(operation, *inputs):
    if "n" in operation.inputs:
        return numpy.count_nonzero(inputs[1] == inputs[1])
    return numpy.count_nonzero(inputs[-1]) if "m" in operation.inputs else inputs[0].size


def automatic(operation):
    """The output of the last call comes as the last argument: it is donated, so that XLA may write the next one there."""
    return lambda *inputs: jax.value_and_grad(mean(operation))(*inputs[:-1])


def closed_form(operation):
    def function(*inputs):
        losses, derivatives = operation.formula(numpy, *inputs[:-1])
        if operation.output == "losses":
            return None, losses
        count = divisor(operation, *inputs[:-1])
        return numpy.sum(losses) / count if operation.loss else None, derivatives / count

    return function


_jitted = {}


def jitted(name, make, **options):
    if name not in _jitted:
        _jitted[name] = jax.jit(make(), **options)
    return _jitted[name]


def value(name, make, inputs):
    function = jitted(name, make)
    return lambda: float(function(*(data[letter] for letter in inputs)))


def with_output(name, make, operation):
    function = jitted(name, lambda: make(operation), donate_argnums=len(operation.inputs), keep_unused=True)

    def call():
        loss, data["output"] = function(*(data[letter] for letter in operation.inputs), data["output"])
        data["output"].block_until_ready()
        return float("nan") if loss is None else float(loss), data["output"]

    return call


def ways(name):
    operation = workload.OPERATIONS[name]
    if operation.output:
        result = {"jax.jit-closed-form": with_output((name, "closed"), closed_form, operation)}
        if operation.loss:
            result["jax.jit-value_and_grad"] = with_output((name, "automatic"), automatic, operation)
        return result
    result = {"jax.jit": value(name, lambda: mean(operation), operation.inputs)}
    if name == "probabilities":
        result["jax.jit-two-logarithms"] = value("two", lambda: from_probabilities, "pt")
    return result

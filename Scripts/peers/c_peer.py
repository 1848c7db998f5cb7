# SPDX-License-Identifier: Apache-2.0
"""C with glibc's vector math: `peer.c`, compiled here for this machine by gcc."""

import ctypes
import subprocess
from pathlib import Path

import formulas
import numpy as np
import workload

PACKAGES = []
FOLDER = Path(".build/peers")
data = None


def configure(threads):
    global libraries
    libraries = {"C": compiled("C", threads), "C-rounded": compiled("C-rounded", threads, "-DROUNDED")}


def compiled(name, threads, *flags):
    """The vectors are as wide as the machine's: left alone, gcc prefers narrower ones for some processors."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER.resolve() / f"{name}-{threads}.so"
    width = 512 if "avx512f" in Path("/proc/cpuinfo").read_text() else 256
    flags = [f"-mprefer-vector-width={width}", *flags, *(["-fopenmp"] if threads > 1 else [])]
    source = Path(__file__).with_name("peer.c")
    command = ["gcc", "-O3", "-ffast-math", "-march=native", "-shared", "-fPIC", source, "-o", path, *flags]
    subprocess.run([*command, "-lmvec", "-lm"], check=True)
    return ctypes.CDLL(path)


class Batch(ctypes.Structure):
    """`struct batch_float` or `struct batch_double`."""

    _fields_ = [
        *((name, ctypes.c_long) for name in ("n", "columns")),
        *((name, ctypes.c_void_p) for name in ("x", "p", "t", "weights", "mask", "output", "hessian")),
        *((name, ctypes.c_double) for name in ("weight", "smoothing", "alpha", "gamma")),
        *((name, ctypes.c_long) for name in ("has_row_weights", "has_missing")),
    ]


def load(arrays):
    global data
    data = arrays | {"output": np.zeros_like(arrays["x"])}


def batch(inputs):
    """The arrays of these letters in the places where the operations expect them."""
    places = {"s": "t", "n": "t", "w": "weights", "r": "weights", "c": "weights", "m": "mask"}
    arrays = {places.get(letter, letter): data[letter].ctypes.data for letter in inputs}
    return Batch(
        n=data["x"].size,
        columns=formulas.COLUMNS if {"c", "r"} & {*inputs} else 0,
        output=data["output"].ctypes.data,
        weight=formulas.POSITIVE_WEIGHT,
        smoothing=formulas.SMOOTHING,
        alpha=formulas.ALPHA,
        gamma=formulas.GAMMA,
        has_row_weights="r" in inputs,
        has_missing="n" in inputs,
        **arrays,
    )


class Call:
    """Repeated in C: a call from Python takes as long as a thousand elements."""

    def __init__(self, library, name):
        operation = workload.OPERATIONS[name]
        self._batch = batch(operation.inputs)
        self._has_output = bool(operation.output)
        # Weights of rows and columns are weights that the batch says are rows' or columns'.
        function = name.removeprefix("row-").removeprefix("column-").translate(str.maketrans("-.", "__"))
        self._function = getattr(library, f"{function}_repeated_{workload.TYPE}")
        self._function.restype = ctypes.c_double
        self._function.argtypes = [ctypes.c_void_p, ctypes.c_long]

    def repeat(self, repetitions):
        loss = self._function(ctypes.byref(self._batch), repetitions)
        return (loss, data["output"]) if self._has_output else loss

    def __call__(self):
        return self.repeat(1)


def has_logarithm_of_sum(name):
    return name not in ("probabilities", "probabilities-gradient", "soft-probabilities-gradient")


def ways(name):
    return {
        way: Call(library, name)
        for way, library in libraries.items()
        if way == "C" or has_logarithm_of_sum(name)
    }

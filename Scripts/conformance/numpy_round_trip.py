# SPDX-License-Identifier: Apache-2.0
"""Whether NumPy reads what the tool writes: python numpy_round_trip.py BCE, the path of the built tool."""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np


def derivatives(x, t):
    """Of the mean, in Double, whatever the file's type."""
    x, t = x.astype(float), t.astype(float)
    s = 1 / (1 + np.exp(-x))
    return (s - t) / x.size, s * (1 - s) / x.size


def check(tool, folder, scalar, shape):
    random = np.random.default_rng(14)
    x = random.normal(0, 3, shape).astype(scalar)
    t = random.integers(0, 2, shape).astype("u1")
    paths = {name: folder / f"{name}.npy" for name in ("x", "t", "gradient", "hessian")}
    np.save(paths["x"], x)
    np.save(paths["t"], t)
    subprocess.run(
        [tool, "loss", paths["x"], paths["t"], "--logits", "--gradient-to", paths["gradient"],
         "--hessian-to", paths["hessian"]], check=True, stdout=subprocess.DEVNULL)
    for name, expected in zip(("gradient", "hessian"), derivatives(x, t)):
        written = np.load(paths[name])
        assert written.shape == shape, (name, written.shape, shape)
        assert written.dtype == ("f8" if scalar == "f8" else "f4"), (name, written.dtype)
        # 4 ulp of the element type, and what the expression above cancels: 2^-52 of 1 / n.
        np.testing.assert_allclose(
            written, expected, rtol=4 * np.finfo(written.dtype).eps, atol=4 * 2.0**-52 / x.size)


with tempfile.TemporaryDirectory() as folder:
    for scalar in ("f2", "f4", "f8"):
        for shape in ((1,), (1001,), (37, 5)):
            check(sys.argv[1], Path(folder), scalar, shape)
print("NumPy reads what --gradient-to and --hessian-to write")

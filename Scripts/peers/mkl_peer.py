# SPDX-License-Identifier: Apache-2.0
"""The loops of `peer.c` with Intel MKL's vector math, in its low accuracy (LA), for exp, log and log1p.

The functions work on blocks of 4,096 elements; threads share out the blocks, so that MKL itself has one.
"""

import os
import sysconfig
from pathlib import Path

import c_peer
from c_peer import load  # noqa: F401

PACKAGES = ["mkl"]


def configure(threads):
    global libraries
    os.environ["MKL_THREADING_LAYER"] = "SEQUENTIAL"
    folder = Path(sysconfig.get_path("data")) / "lib"
    runtime = next(folder.glob("libmkl_rt.so.*"))
    flags = ("-DMKL", f"-Wl,-rpath,{folder}", str(runtime))
    libraries = {
        "MKL": c_peer.compiled("MKL", threads, *flags),
        # Log1p is slow where MKL has only code for SSE2, as on AMD's processors.
        "MKL-rounded": c_peer.compiled("MKL-rounded", threads, "-DROUNDED", *flags),
    }


def ways(name):
    if name.endswith("probabilities-gradient"):
        return {}
    return {
        way: c_peer.Call(library, name)
        for way, library in libraries.items()
        if way == "MKL" or c_peer.has_logarithm_of_sum(name)
    }

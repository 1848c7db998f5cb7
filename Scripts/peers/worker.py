# SPDX-License-Identifier: Apache-2.0
"""One framework in a process of its own: python worker.py PEER THREADS, which then obeys lines (see README.md).

A peer is a module with `configure(threads)`, called before its framework is imported; `load(arrays)`, see `workload`; and
`ways(operation)`, a dictionary of functions that return the loss as a float, or the loss and an output (a gradient, or
losses) that `numpy.asarray` can read. One that repeats its call by itself has a method `repeat(repetitions)`.
"""

import functools
import importlib
import os
import sys
import time

import numpy as np
import workload


class Worker:
    def __init__(self, peer):
        self.peer = peer
        self.targets = None

    def ways(self, operation):
        return " ".join(self.peer.ways(operation))

    def load(self, count, folder):
        arrays = workload.read(folder, int(count))
        self.peer.load(arrays)
        self.targets = arrays["t"]
        return "ready"

    def run(self, operation, way, repetitions):
        call = self.peer.ways(operation)[way]
        repeat = getattr(call, "repeat", None) or functools.partial(repeated, call)
        call()
        start, cpu_start = time.perf_counter_ns(), time.process_time_ns()
        result = repeat(int(repetitions))
        wall, cpu = time.perf_counter_ns() - start, time.process_time_ns() - cpu_start
        loss, output = result if isinstance(result, tuple) else (result, None)
        checksum = float("nan") if output is None else workload.checksum(np.asarray(output), self.targets)
        return f"{wall} {cpu} {loss!r} {checksum!r}"


def repeated(call, repetitions):
    for _ in range(repetitions):
        result = call()
    return result


def main(name, threads):
    # Frameworks print to standard output what they like; answers have it to themselves.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    peer = importlib.import_module(f"{name}_peer")
    peer.configure(int(threads))
    worker = Worker(peer)
    for line in sys.stdin:
        command, *arguments = line.split()
        print(getattr(worker, command)(*arguments), file=answers)


main(*sys.argv[1:])

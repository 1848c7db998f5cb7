# SPDX-License-Identifier: Apache-2.0
"""Times all peers against the library and writes the table: python bench.py BCE_PEER; see ../bench-peers.sh."""

import importlib
import os
import sys
import tempfile
from pathlib import Path

import machine
import quiet
import report
import rounds
import workload
from worker_process import WorkerProcess

PEERS = ["c", "mkl", "torch", "jax", "tensorflow", "numpy"]


def chosen(variable, default):
    return [word for word in (os.environ.get(variable) or default).split(",") if word]


def main(library):
    sizes = [int(size) for size in chosen("SIZES", "1024,65536,33554432")]
    operations = chosen("OPERATIONS", ",".join(workload.OPERATIONS))
    peers = chosen("PEERS", ",".join(PEERS))
    settings = {"one": 1, "all": machine.cores()}
    threads = dict.fromkeys(settings[name] for name in chosen("THREADS", "one,all"))
    check_memory(max(sizes), len(peers) + 1)
    rows = []
    with tempfile.TemporaryDirectory() as folder, open(".build/peers.log", "w") as log:
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(Path(folder) / "inductor")
        for setting in threads:
            workers = [WorkerProcess.of_library(library, setting, log)]
            workers += [WorkerProcess.of_peer(peer, setting, log) for peer in peers]
            for size in sizes:
                answers = workload.write(size, folder)
                for worker in workers:
                    worker.load(size, folder)
                for operation in operations:
                    rows += measured(workers, operation, size, setting, answers[operation])
            for worker in workers:
                worker.close()
    packages = [package for peer in peers for package in importlib.import_module(f"{peer}_peer").PACKAGES]
    results = Path(os.environ.get("RESULTS") or "Benchmarks/results")
    description = {**machine.describe(), "secondsWaitedForQuiet": quiet.waited()}
    versions = machine.versions(packages)
    report.write(results, description, versions, rows)
    print(report.markdown(description, versions, rows))


def check_memory(size, processes):
    """Eleven arrays per process: seven of data, an output, three temporaries; scikit-learn takes thirty for a moment."""
    needed = size * workload.ELEMENT().itemsize * (11 * processes + 30) / 2**30
    available = machine.available_gib()
    if needed > available:
        sys.exit(f"n = {size} needs {needed:.1f} GiB of memory, {available:.1f} are available; see SIZES")


def measured(workers, operation, size, threads, answer):
    count = int(os.environ.get("ROUNDS") or 7)
    result = rounds.measure(workers, operation, size, threads, count, answer)
    best = min(result[1:], key=lambda row: row["ratioToLibrary"], default=result[0])
    print(
        f"{operation}, n = {size}, threads = {threads}: {result[0]['nsPerElement']:.3g} ns per element, "
        f"best peer {best['way']} x {best['ratioToLibrary']:.2f}",
        file=sys.stderr,
    )
    return result


main(sys.argv[1])

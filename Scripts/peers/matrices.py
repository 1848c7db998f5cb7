# SPDX-License-Identifier: Apache-2.0
"""Batches beside their peers: python matrices.py BCE_PEER LOGISTIC_REGRESSION; see ../bench-peers.sh.

Pairwise losses against PyTorch's two-einsum form, as Mask2Former writes it; and training by L-BFGS on two million rows
against scikit-learn, the library's side being Examples/LogisticRegression. Each takes turns with its peer, round by round.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import machine
import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch.nn import functional

M, N, K = 2000, 2000, 1000
ROWS, COLUMNS = 2_000_000, 64
C, TOLERANCE = 1.0, 1e-4
ROUNDS = int(os.environ.get("ROUNDS") or 5)


def two_einsums(x, t):
    """Mean losses of all pairs: maskformer's batch_sigmoid_ce_loss."""
    positive = functional.binary_cross_entropy_with_logits(x, torch.ones_like(x), reduction="none")
    negative = functional.binary_cross_entropy_with_logits(x, torch.zeros_like(x), reduction="none")
    return (torch.einsum("nc,mc->nm", positive, t) + torch.einsum("nc,mc->nm", negative, 1 - t)) / x.shape[1]


def pairwise(program, folder, threads):
    """Seconds of both, a pair for each round."""
    generator = np.random.default_rng(1)
    x = 3 * generator.standard_normal((M, K), dtype=np.float32)
    t = (generator.random((N, K)) < 0.5).astype(np.float32)
    x.tofile(folder / "x.raw")
    t.tofile(folder / "t.raw")
    torch.set_num_threads(threads)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads)}
    library = subprocess.Popen(
        [program, "pairwise", folder, *map(str, (M, N, K))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment,
    )
    x, t = torch.from_numpy(x), torch.from_numpy(t)
    compiled = torch.compile(two_einsums)
    times = {"library": [], "torch two einsums": [], "torch two einsums, compiled": []}
    for function in (two_einsums, compiled):
        expected = float(function(x, t).double().sum())
    for _ in range(ROUNDS):
        library.stdin.write("5\n")
        wall, total = library.stdout.readline().split()
        assert abs(float(total) - expected) <= 1e-5 * expected, (total, expected)
        times["library"].append(int(wall) / 5e9)
        for name, function in (("torch two einsums", two_einsums), ("torch two einsums, compiled", compiled)):
            start = time.perf_counter()
            for _ in range(5):
                function(x, t)
            times[name].append((time.perf_counter() - start) / 5)
    library.stdin.close()
    library.wait()
    return times


def logistic(program, folder):
    """Seconds and what came out of both, a pair for each round."""
    generator = np.random.default_rng(2)
    x = generator.standard_normal((ROWS, COLUMNS), dtype=np.float32)
    weights = generator.standard_normal(COLUMNS) / 4
    t = (generator.random(ROWS) < 1 / (1 + np.exp(-(x @ weights + 0.5)))).astype(np.float32)
    x.tofile(folder / "x.raw")
    t.tofile(folder / "t.raw")
    rounds = []
    for _ in range(max(1, ROUNDS // 2)):
        output = subprocess.run(
            [program, "large", folder, *map(str, (ROWS, COLUMNS, C, TOLERANCE))],
            capture_output=True, text=True, check=True,
        ).stdout
        start = time.perf_counter()
        model = LogisticRegression(C=C, tol=TOLERANCE, max_iter=200).fit(x, t)
        seconds = time.perf_counter() - start
        z = x @ model.coef_[0].astype(np.float64) + float(model.intercept_[0])
        loss = float(np.mean(np.logaddexp(0, z) - t * z))
        penalty = float(np.sum(model.coef_.astype(np.float64) ** 2)) / (2 * C * ROWS)
        rounds.append((json.loads(output), seconds, int(model.n_iter_[0]), loss + penalty))
    return rounds


def main(peer, example):
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for threads in sorted({1, machine.cores()}):
            times = pairwise(peer, folder, threads)
            lines.append(f"\n| pairwise {M} x {N} x {K}, threads: {threads} | ms | x library |\n|---|---|---|")
            for way, seconds in times.items():
                ratio = statistics.median(a / b for a, b in zip(seconds, times["library"]))
                lines.append(f"| {way} | {1e3 * statistics.median(seconds):.1f} | {ratio:.2f} |")
        rounds = logistic(example, folder)
    ours, seconds, steps, value = rounds[-1]
    own = statistics.median(result["seconds"] for result, *_ in rounds)
    theirs = statistics.median(second for _, second, *_ in rounds)
    lines.append(f"\n| L-BFGS on {ROWS:,} x {COLUMNS} Floats, all cores | s | steps | million rows/s | objective |")
    lines.append("|---|---|---|---|---|")
    rate = ROWS * ours["passes"] / own / 1e6
    lines.append(f"| library | {own:.2f} | {ours['steps']} | {rate:.0f} | {ours['meanLoss']:.9f} |")
    # scikit-learn does not say how often it evaluates; at least once a step.
    rate = ROWS * (steps + 1) / theirs / 1e6
    lines.append(f"| scikit-learn | {theirs:.2f} | {steps} | {rate:.0f} | {value:.9f} |")
    versions = machine.versions(["torch", "scikit-learn", "numpy"])
    about = machine.describe()
    head = (
        f"# Batches beside their peers\n\n{about['date']}; {about['cpu']}, {about['cores']} cores; library at "
        f"{about['library']}, {about['swift']}; "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + ".\nMedians of rounds that alternate. Rows a second: rows times evaluations of value and gradient."
    )
    text = "\n".join([head, *lines]) + "\n"
    folder = Path(os.environ.get("RESULTS") or "Benchmarks/results")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "peers-matrices.md").write_text(text)
    print(text)


main(*sys.argv[1:3])

# SPDX-License-Identifier: Apache-2.0
"""Times calls from Python and those of scikit-learn, NumPy, PyTorch and JAX, in turn, in one process.

Prints a table of medians. The largest calls have 10^8 elements, for which about 8 GB of memory are needed; --rows sets
another number.
"""

import argparse
import statistics
import time
from typing import Callable, Dict, List

import numpy as np

import cross_entropy as ce

ROUNDS = 9
SECONDS_OF_A_MEASUREMENT = 0.05


def seconds(call: Callable[[], object]) -> float:
    """The time of one call, averaged over enough calls."""
    repetitions, wall = 1, 0.0
    while True:
        start = time.perf_counter()
        for _ in range(repetitions):
            call()
        wall = time.perf_counter() - start
        if wall >= SECONDS_OF_A_MEASUREMENT:
            return wall / repetitions
        repetitions = int(repetitions * min(16, 1.2 * SECONDS_OF_A_MEASUREMENT / wall)) + 1


def compare(title: str, ways: Dict[str, Callable[[], object]], rounds: int = ROUNDS) -> None:
    times: Dict[str, List[float]] = {name: [] for name in ways}
    for call in ways.values():
        call()
    for _ in range(rounds):
        for name, call in ways.items():
            times[name].append(seconds(call))
    medians = {name: statistics.median(values) for name, values in times.items()}
    own = next(iter(medians.values()))
    print(f"\n{title}")
    for name, median in medians.items():
        print(f"  {name:32} {median * 1e6:14.2f} us  {median / own:7.2f}x")


def small_calls() -> None:
    import torch

    random = np.random.default_rng(1)
    x = random.normal(0, 2, 1024).astype(np.float32)
    t = (random.random(1024) < 0.4).astype(np.float32)
    tx, tt = torch.from_numpy(x), torch.from_numpy(t)
    compare(
        "loss of 1,024 logits, Float",
        {
            "cross_entropy": lambda: ce.loss(logits=x, targets=t),
            "torch eager": lambda: torch.nn.functional.binary_cross_entropy_with_logits(tx, tt),
            "NumPy": lambda: np.mean(np.logaddexp(0, x) - t * x),
        },
    )


def gradients() -> None:
    import jax
    import torch

    random = np.random.default_rng(2)
    x = random.normal(0, 2, 65_536).astype(np.float32)
    t = (random.random(65_536) < 0.4).astype(np.float32)
    gradient = np.empty_like(x)

    def loss_in_jax(x: jax.Array, t: jax.Array) -> jax.Array:
        return jax.numpy.mean(jax.numpy.logaddexp(0, x) - t * x)

    jitted = jax.jit(jax.value_and_grad(loss_in_jax))
    jx, jt = jax.numpy.asarray(x), jax.numpy.asarray(t)
    tx, tt = torch.from_numpy(x), torch.from_numpy(t)

    def loss_in_torch(x: torch.Tensor, t: torch.Tensor) -> object:
        """The closed form of the gradient, which is faster than the compiled backward pass of autograd."""
        return torch.nn.functional.binary_cross_entropy_with_logits(x, t), (torch.sigmoid(x) - t) / x.numel()

    compiled = torch.compile(loss_in_torch)
    compare(
        "loss and gradient of 65,536 logits, Float",
        {
            "cross_entropy, out=": lambda: ce.loss_and_gradient(logits=x, targets=t, out=gradient),
            "cross_entropy": lambda: ce.loss_and_gradient(logits=x, targets=t),
            "jax.jit": lambda: jax.block_until_ready(jitted(jx, jt)),
            "torch.compile, closed form": lambda: compiled(tx, tt),
        },
    )


def many_rows(rows: int) -> None:
    import sklearn.metrics

    random = np.random.default_rng(3)
    p = random.random(rows, dtype=np.float32) * np.float32(0.998) + np.float32(0.001)
    t = random.random(rows, dtype=np.float32) < p
    compare(
        f"loss of {rows:,} probabilities, Float, with Boolean targets",
        {
            "cross_entropy": lambda: ce.loss(probabilities=p, targets=t),
            "NumPy, where": lambda: -np.mean(np.log(np.where(t, p, 1 - p))),
            "NumPy, abs": lambda: -np.mean(np.log(np.abs(p - ~t))),
        },
        rounds=3,
    )
    compare(
        f"log_loss of {rows:,} probabilities",
        {
            "cross_entropy.log_loss": lambda: ce.log_loss(t, p),
            "scikit-learn log_loss": lambda: sklearn.metrics.log_loss(t, p),
        },
        rounds=1,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000_000)
    arguments = parser.parse_args()
    small_calls()
    gradients()
    many_rows(arguments.rows)


if __name__ == "__main__":
    main()

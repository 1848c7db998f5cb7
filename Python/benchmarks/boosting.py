# SPDX-License-Identifier: Apache-2.0
"""The time that an objective takes in each round of XGBoost, compared with the same objective in NumPy.

python benchmarks/boosting.py [--rows 1000000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any, Callable, List, Tuple

import numpy as np
import xgboost

from cross_entropy.boosting import xgboost_objective

GAMMA = 2.0


def numpy_objective(predt: Any, dtrain: Any) -> Tuple[Any, Any]:
    """The focal loss in the style of XGBoost's documentation, with a temporary array for each operation."""
    y = dtrain.get_label()
    p = 1.0 / (1.0 + np.exp(-predt))
    pt = np.where(y == 1, p, 1.0 - p)
    sign = 2.0 * y - 1.0
    rest = 1.0 - pt
    log = np.log(np.clip(pt, 1e-7, 1.0))
    grad = sign * rest**GAMMA * (GAMMA * pt * log - rest)
    hess = pt * rest**GAMMA * (rest * (2.0 * GAMMA + 1.0) + GAMMA * log * (rest - GAMMA * pt))
    return grad, np.maximum(hess, 1e-16)


class Timed:
    """An objective that records the duration of each call in seconds."""

    def __init__(self, objective: Callable[[Any, Any], Tuple[Any, Any]]) -> None:
        self.objective = objective
        self.seconds: List[float] = []

    def __call__(self, predt: Any, dtrain: Any) -> Tuple[Any, Any]:
        start = time.perf_counter()
        result = self.objective(predt, dtrain)
        self.seconds.append(time.perf_counter() - start)
        return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    generator = np.random.default_rng(1)
    features = generator.normal(size=(arguments.rows, 8)).astype(np.float32)
    labels = features[:, 0] + generator.normal(size=arguments.rows) > 1
    data = xgboost.DMatrix(features, label=labels)
    medians = []
    for name, timed in [
        ("cross_entropy", Timed(xgboost_objective(focal_gamma=GAMMA))),
        ("NumPy", Timed(numpy_objective)),
    ]:
        xgboost.train({"objective": "binary:logistic", "base_score": 0.5}, data, arguments.rounds, obj=timed)
        medians.append(statistics.median(timed.seconds))
        print(f"{name:>13}: {1e3 * medians[-1]:8.2f} ms per round, median of {arguments.rounds}")
    print(f"{'ratio':>13}: {medians[1] / medians[0]:8.1f}")


if __name__ == "__main__":
    main()

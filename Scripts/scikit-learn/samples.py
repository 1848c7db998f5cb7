# SPDX-License-Identifier: Apache-2.0
"""The samples on which bce evaluate and scikit-learn are compared, from a fixed seed."""

from dataclasses import dataclass

import numpy as np

SEED = 20


@dataclass
class Sample:
    name: str
    predictions: np.ndarray
    targets: np.ndarray
    weights: np.ndarray | None = None
    are_logits: bool = False

    @property
    def probabilities(self):
        if not self.are_logits:
            return self.predictions
        # From the exponential of a number that is not positive, which does not overflow.
        e = np.exp(-np.abs(self.predictions))
        return np.where(self.predictions > 0, 1, e) / (1 + e)

    def write(self, path):
        columns = {"p": self.predictions, "t": self.targets}
        if self.weights is not None:
            columns["w"] = self.weights
        with open(path, "w", encoding="ascii") as file:
            print(",".join(columns), file=file)
            for row in zip(*(column.tolist() for column in columns.values())):
                print(",".join(map(repr, row)), file=file)


def samples():
    random = np.random.default_rng(SEED)
    count = 20_000
    logits = random.normal(-1, 2, count)
    probabilities = 1 / (1 + np.exp(-logits))
    targets = (random.random(count) < probabilities).astype(int)
    weights = random.gamma(2, 1, count)
    tenths = np.round(probabilities, 1).clip(0.1, 0.9)
    # As far from 0 and 1 as a probability needs to be for scikit-learn not to clip it, 2^-52.
    extreme = 1 / (1 + np.exp(-np.clip(8 * logits, -35, 35)))
    return [
        Sample("probabilities", probabilities, targets),
        Sample("logits", logits, targets, are_logits=True),
        Sample("weighted probabilities", probabilities, targets, weights),
        Sample("weighted logits", logits, targets, weights, are_logits=True),
        Sample("overconfident probabilities", extreme, targets),
        Sample("tied probabilities", tenths, targets),
        Sample("weighted, tied probabilities", tenths, targets, weights),
        Sample("the tutorial", np.array([0.1, 0.95, 0.2, 0.6]), np.array([0, 1, 0, 0])),
    ]

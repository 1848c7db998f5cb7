# SPDX-License-Identifier: Apache-2.0
"""Rules for probabilities near 0 and 1."""

from __future__ import annotations

import dataclasses

CLIPPINGS = {"unclipped": 0, "clipped": 1, "clipped-twice": 2, "machine-epsilon": 3, "log-floor": 4}
GRADIENTS = {"derivative": 0, "bounded-factors": 1, "bounded-product": 2}


@dataclasses.dataclass(frozen=True)
class Clipping:
    """How probabilities of exactly 0 or 1 that are wrong are treated. Logits need no clipping.

    ``Clipping()`` means no clipping: such a probability has an infinite loss.
    """

    rule: str = "unclipped"
    value: float = 0.0

    @classmethod
    def clipped(cls, epsilon: float) -> Clipping:
        """Probabilities are clamped to [epsilon, 1 - epsilon], 0 < epsilon < 0.5 (Keras)."""
        return cls("clipped", epsilon)

    @classmethod
    def clipped_twice(cls, epsilon: float) -> Clipping:
        """Like `clipped`, but epsilon is also added to p and 1 - p inside the logarithms (Keras 2)."""
        return cls("clipped-twice", epsilon)

    @classmethod
    def machine_epsilon(cls) -> Clipping:
        """Like `clipped`, with the distance from 1 to the next number in the predictions' type (scikit-learn)."""
        return cls("machine-epsilon")

    @classmethod
    def log_floor(cls, floor: float) -> Clipping:
        """Logarithms are replaced by `floor` if they are less; floor < 0 (PyTorch: -100)."""
        return cls("log-floor", floor)


@dataclasses.dataclass(frozen=True)
class ProbabilityGradient:
    """How the gradient with respect to a probability is computed near 0 and 1.

    ``ProbabilityGradient()`` is the derivative of the loss, -A / p + B / (1 - p) with the factors A and B of -ln p and
    -ln(1 - p), and 0 where clipping holds the loss constant.
    """

    rule: str = "derivative"
    value: float = 0.0

    @classmethod
    def bounded_factors(cls, epsilon: float) -> ProbabilityGradient:
        """-A / max(p, epsilon) + B / max(1 - p, epsilon), 0 < epsilon < 1."""
        return cls("bounded-factors", epsilon)

    @classmethod
    def bounded_product(cls, epsilon: float) -> ProbabilityGradient:
        """(B p - A (1 - p)) / max(p (1 - p), epsilon), 0 < epsilon < 1 (PyTorch)."""
        return cls("bounded-product", epsilon)

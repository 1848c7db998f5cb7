# SPDX-License-Identifier: Apache-2.0
"""The options of the formula."""

from __future__ import annotations

import ctypes
import dataclasses
from typing import Any, ClassVar, Dict, Optional

import numpy

from . import _layout as layout
from ._errors import raise_last_error
from ._library import ce_loss
from ._packing import packed_options
from ._rules import Clipping, ProbabilityGradient

_EMPTY_BATCH = layout.PLAIN_BATCH.pack(
    layout.BATCH.size, layout.CE_LOGITS, 0, 0, 0, 0, layout.CE_FLOAT32, 0, layout.CE_FLOAT32
)


@dataclasses.dataclass(frozen=True, eq=False)
class Options:
    """How losses are computed and reduced to one number.

    With all options, and a weight w of each element::

        y = t (1 - label_smoothing) + label_smoothing / 2
        loss = -w (positive_weight y ln p + (1 - y) ln(1 - p)) (1 - p_t)^gamma alpha_t

    with p_t = y p + (1 - y) (1 - p) and alpha_t = y alpha + (1 - y) (1 - alpha).

    Options are checked once, when they are created, so calls do not check them again in Python. To change some of them,
    use ``dataclasses.replace``.

    Parameters
    ----------
    reduction : {"mean", "sum", "weighted-mean"}
        The sum of the losses is divided by the number of elements that count, by 1, or by the sum of their weights.
    clipping : Clipping
        How probabilities of exactly 0 or 1 that are wrong are treated.
    label_smoothing : float
        s in [0, 1]: a target t becomes t (1 - s) + s / 2.
    positive_weight : float
        The weight of the positive part of each loss (PyTorch: ``pos_weight``); at least 0.
    focal_gamma : float
        The exponent of the focal factor; 0 for none.
    focal_alpha : float, optional
        The focal weight of positives, in [0, 1].
    missing_targets : float, optional
        Elements with this target do not count: NaN, or a number outside [0, 1] such as -1.
    probability_gradient : ProbabilityGradient
        How the gradient with respect to a probability is computed near 0 and 1.
    check_domains : bool
        Whether a target or probability outside [0, 1] is an error.
    threads : int, optional
        The largest number of threads. Results have the same bits for any number.
    """

    reduction: str = "mean"
    clipping: Clipping = Clipping()
    label_smoothing: float = 0.0
    positive_weight: float = 1.0
    focal_gamma: float = 0.0
    focal_alpha: Optional[float] = None
    missing_targets: Optional[float] = None
    probability_gradient: ProbabilityGradient = ProbabilityGradient()
    check_domains: bool = True
    threads: Optional[int] = None
    packed: bytes = dataclasses.field(init=False, repr=False)

    exact: ClassVar[Options]
    keras: ClassVar[Options]
    keras2: ClassVar[Options]
    pytorch: ClassVar[Options]
    scikit_learn: ClassVar[Options]

    def __post_init__(self) -> None:
        object.__setattr__(self, "packed", packed_options(self))
        if ce_loss(self.packed, _EMPTY_BATCH, ctypes.byref(ctypes.c_double())):
            raise_last_error()

    def __eq__(self, other: object) -> bool:
        """Whether both compute losses in the same way. Bytes are compared, because a NaN is not equal to itself."""
        return self.packed == other.packed if isinstance(other, Options) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.packed)

    def __getstate__(self) -> Dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.init}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]


def packed(options: Optional[Options]) -> Optional[bytes]:
    """The ce_options of an argument. None gives the plain mean."""
    if options is None:
        return None
    if not isinstance(options, Options):
        raise TypeError(f"options is {options!r}, expected a cross_entropy.Options or None")
    return options.packed


Options.exact = Options()
Options.keras = Options(clipping=Clipping.clipped(1e-7))
Options.keras2 = Options(clipping=Clipping.clipped_twice(1e-7))
# PyTorch's constant is a float, even in its loss of doubles.
Options.pytorch = Options(
    clipping=Clipping.log_floor(-100.0),
    probability_gradient=ProbabilityGradient.bounded_product(float(numpy.float32(1e-12))),
)
Options.scikit_learn = Options(clipping=Clipping.machine_epsilon(), reduction="weighted-mean")

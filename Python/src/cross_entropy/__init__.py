# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy over large buffers.

::

    loss = -(t ln p + (1 - t) ln(1 - p)),   p a probability, or 1 / (1 + e^-x) for a logit x,   0 ln 0 = 0

Losses are in nats. Arrays are read in place, and results have the same bits for any number of threads.

>>> import cross_entropy as ce
>>> round(ce.loss(probabilities=[0.1, 0.95, 0.2, 0.6], targets=[0, 1, 0, 0]), 6)
0.324022

Objectives for XGBoost and LightGBM are in `cross_entropy.boosting`. The module `cross_entropy.torch` has a loss for
PyTorch tensors; importing it imports PyTorch.
"""

from . import boosting
from ._accumulator import Accumulator, Totals
from ._errors import CrossEntropyError
from ._evaluation import Evaluation, evaluate
from ._gradients import gradient, loss_and_gradient, loss_gradient_hessian
from ._group_loss import GroupLoss
from ._groups import GroupedLosses
from ._library import version as __version__
from ._links import logits, probabilities
from ._log_loss import log_loss
from ._losses import loss, losses
from ._measures import Measures
from ._options import Options
from ._pairwise import pairwise_losses
from ._report import LossReport, report
from ._rows import column_losses, row_losses
from ._rules import Clipping, ProbabilityGradient

__all__ = [
    "Accumulator",
    "Clipping",
    "CrossEntropyError",
    "Evaluation",
    "GroupLoss",
    "GroupedLosses",
    "LossReport",
    "Measures",
    "Options",
    "ProbabilityGradient",
    "Totals",
    "__version__",
    "boosting",
    "column_losses",
    "evaluate",
    "gradient",
    "log_loss",
    "logits",
    "loss",
    "loss_and_gradient",
    "loss_gradient_hessian",
    "losses",
    "pairwise_losses",
    "probabilities",
    "report",
    "row_losses",
]

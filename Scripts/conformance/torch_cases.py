# SPDX-License-Identifier: Apache-2.0
"""PyTorch: BCELoss, BCEWithLogitsLoss, and torchvision's focal loss as a formula."""

import torch
import torch.nn.functional as F

from case import Case
from grid import SCALARS, matrix, single, tutorial, with_nan

VERSION = f"torch {torch.__version__}"


def tensor(array):
    return torch.tensor(array.tolist(), dtype=torch.float32 if array.dtype == "float32" else torch.float64)


def evaluate(problem):
    """The loss as PyTorch's options say it, or its gradient by autograd."""
    x, t = tensor(problem.predictions).requires_grad_(), tensor(problem.targets)
    weight = None if problem.weights is None else tensor(problem.weight_matrix())
    reduction = "none" if problem.quantity == "losses" else problem.reduction
    if problem.domain == "logits":
        positive = None if problem.positive_weight is None else tensor(problem.positive_weights())
        call = f"F.binary_cross_entropy_with_logits(x, t, weight, reduction={reduction!r}, pos_weight=...)"
        loss = F.binary_cross_entropy_with_logits(x, t, weight, reduction=reduction, pos_weight=positive)
    else:
        call = f"F.binary_cross_entropy(p, t, weight, reduction={reduction!r})"
        loss = F.binary_cross_entropy(x, t, weight, reduction=reduction)
    if problem.quantity != "gradient":
        return call, loss.detach().numpy()
    loss.backward()
    return call + ".backward()", x.grad.numpy()


def case(problem):
    call, answer = evaluate(problem)
    cancels = "1 - p" if problem.domain == "probabilities" else "s" if problem.quantity == "gradient" else "x"
    return Case("pytorch", VERSION, call, problem, answer, cancels)


def focal(problem):
    """torchvision.ops.sigmoid_focal_loss: its wheel does not import beside PyTorch for CPU, so its formula."""
    x, t = tensor(problem.predictions), tensor(problem.targets)
    p = torch.sigmoid(x)
    m = 1 - (p * t + (1 - p) * (1 - t))
    loss = F.binary_cross_entropy_with_logits(x, t, reduction="none") * m**problem.gamma
    if problem.alpha is not None:
        loss = loss * (problem.alpha * t + (1 - problem.alpha) * (1 - t))
    return Case(
        "torchvision-formula", VERSION, "sigmoid_focal_loss(x, t, alpha, gamma, reduction='mean')", problem,
        loss.mean().numpy(), "x")


def cases():
    for scalar in SCALARS:
        for quantity in ("loss", "gradient"):
            for one in single("logits", scalar, quantity=quantity):
                yield case(one)
            for one in single("probabilities", scalar, quantity=quantity, preset="pytorch"):
                yield case(one)
        for weight in (0.5, 3.0, [0.5, 3.0, 1.0, 2.0]):
            for quantity in ("loss", "gradient", "losses"):
                yield case(matrix("logits", scalar, 3, 4, 1, positive_weight=weight, quantity=quantity))
                yield case(matrix("logits", scalar, 3, 4, 2, True, positive_weight=weight, quantity=quantity))
        for by, weights in (
                ("element", [0, 1, 2, 0.5] * 3), ("row", [0, 1, 2.5]), ("column", [1, 0, 2, 3]),
                ("element", [0] * 12)):
            for reduction in ("mean", "sum"):
                for domain, preset in (("logits", "exact"), ("probabilities", "pytorch")):
                    yield case(matrix(
                        domain, scalar, 3, 4, 3, weights=weights, weights_by=by, reduction=reduction, preset=preset))
        for rows, columns in ((1, 1), (1, 17), (7, 1), (7, 1000)):
            for reduction in ("mean", "sum"):
                yield case(matrix("logits", scalar, rows, columns, 4, True, reduction=reduction))
        yield case(tutorial(scalar, preset="pytorch"))
        yield case(next(with_nan("logits", scalar)))
        for gamma in (0.0, 0.5, 1.0, 2.0, 5.0):
            for alpha in (None, 0.25):
                yield focal(matrix("logits", scalar, 3, 4, 5, gamma=gamma, alpha=alpha))

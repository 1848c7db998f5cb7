# SPDX-License-Identifier: Apache-2.0
"""The exact value of this library's definition, in 50 digits (mpmath).

    y' = t (1 - s) + s / 2                          label smoothing s
    l  = -(w+ y' ln p + (1 - y') ln(1 - p))         in nats; logits: p = 1 / (1 + e^-x), limits at +-infinity
    l  <- l m^gamma alpha_t                         focal; m = y' (1 - p) + (1 - y') p, p not clipped,
                                                    alpha_t = y' alpha + (1 - y') (1 - alpha), or 1 without alpha
    sum: sum(w l);  mean: sum(w l) / kept elements;  weighted-mean: sum(w l) / sum(w)

A coefficient that is 0 makes 0 even of an infinite logarithm. A masked element counts nowhere. 0 / 0 is NaN.
Presets change the logarithms of probabilities: see `logarithms`. Their gradient is that of the loss they report, but
PyTorch's is its own formula.
"""

from types import SimpleNamespace

import numpy as np
from mpmath import exp, inf, isnan, log, log1p, mp, mpf, nan

mp.dps = 50
PYTORCH_LEAST_VARIANCE = mpf(float(np.float32(1e-12)))  # PyTorch's constant is a float, in double too


def epsilon(scalar):
    return mpf(float(np.finfo(scalar).eps))


def times(coefficient, value):
    return mpf(0) if coefficient == 0 and not isnan(value) else coefficient * value


def quotient(a, b):
    if b != 0:
        return a / b
    return nan if a == 0 or isnan(a) else (inf if a > 0 else -inf)


def ln(p):
    return -inf if p == 0 else log(p)


def softplus(x):
    """ln(1 + e^x)."""
    return log1p(exp(x)) if x <= 0 or isnan(x) else x + log1p(exp(-x))


def sigmoid(x):
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


def bounds(preset, scalar):
    """Where the preset clips a probability; both bounds are numbers of the scalar type."""
    width = {"keras": 1e-7, "keras2": 1e-7, "scikit-learn": float(np.finfo(scalar).eps)}[preset]
    kind = np.dtype(scalar).type
    return mpf(float(kind(width))), mpf(float(kind(1 - width)))


def logarithms(p, preset, scalar):
    """ln p and ln(1 - p) by the preset, and their derivatives in p."""
    if isnan(p):
        return nan, nan, nan, nan
    if preset == "exact":
        return ln(p), -inf if p == 1 else log1p(-p), quotient(mpf(1), p), quotient(mpf(-1), 1 - p)
    if preset == "pytorch":
        variance = max(p * (1 - p), PYTORCH_LEAST_VARIANCE)
        floor = mpf(-100)
        return max(ln(p), floor), max(-inf if p == 1 else log1p(-p), floor), (1 - p) / variance, -p / variance
    low, high = bounds(preset, scalar)
    inside = 1 if low <= p <= high else 0
    p = min(max(p, low), high)
    more = low if preset == "keras2" else mpf(0)
    return log(p + more), log1p(more - p), inside / (p + more), -inside / (1 - p + more)


def term(problem, prediction, target, positive, weight):
    """One element: its loss (times the weight), and the derivatives of it, before any division."""
    x, t, w = mpf(float(prediction)), mpf(float(target)), mpf(float(weight))
    s = mpf(problem.label_smoothing)
    y = t * (1 - s) + s / 2
    a, b = mpf(float(positive)) * y, 1 - y
    if problem.domain == "logits":
        p, q = sigmoid(x), sigmoid(-x)
        log_p, log_q, slope_p, slope_q = -softplus(-x), -softplus(x), q, -p
    else:
        p, q = x, 1 - x
        log_p, log_q, slope_p, slope_q = logarithms(x, problem.preset, problem.scalar)
    loss = times(a, -log_p) + times(b, -log_q)
    gradient = times(a, -slope_p) + times(b, -slope_q)
    m = times(y, q) + times(b, p)
    if problem.gamma is not None:
        gamma, alpha = mpf(problem.gamma), problem.alpha
        balance = mpf(1) if alpha is None else y * mpf(alpha) + b * (1 - mpf(alpha))
        slope_m = (1 - 2 * y) * (p * q if problem.domain == "logits" else 1)
        if m == 0 or gamma == 0:  # at m = 0 a matched loss is about m, so that only gamma = 0 leaves a slope
            gradient = gradient if gamma == 0 else mpf(0)
        else:
            gradient = m**gamma * gradient + times(gamma * m ** (gamma - 1) * slope_m, loss)
        loss, gradient = balance * times(m**gamma, loss), balance * gradient
    return SimpleNamespace(
        x=x, y=y, a=a * w, b=b * w, w=w, p=p, q=q, m=m, log_p=log_p, log_q=log_q, loss=times(w, loss),
        gradient=times(w, gradient), hessian=times((a + b) * w, p * q), terms=terms_of(a, b, slope_p, slope_q, w))


def terms_of(a, b, slope_p, slope_q, w):
    """The magnitude of what cancels in the gradient of a soft label; 0 for a label that is 0 or 1."""
    return mpf(0) if a == 0 or b == 0 else abs(w) * (abs(a * slope_p) + abs(b * slope_q))


class Truth:
    """All elements of a problem, their divisor, and the values of the quantity."""

    def __init__(self, problem):
        rows, columns = problem.shape
        weights, positive = problem.weight_matrix(), problem.positive_weights()
        self.problem = problem
        self.terms = [
            term(problem, problem.predictions[i, j], problem.targets[i, j], positive[j], weights[i, j])
            for i in range(rows) for j in range(columns)]
        mask = [1] * (rows * columns) if problem.mask is None else [int(m) for m in np.ravel(problem.mask)]
        self.kept = [bool(bit) for bit in mask]
        kept = [t for t, bit in zip(self.terms, mask) if bit]
        self.divisor = {
            "mean": mpf(len(kept)), "sum": mpf(1), "weighted-mean": sum((t.w for t in kept), mpf(0)),
        }[problem.reduction]
        self.values = self.collect("loss" if "oss" in problem.quantity else problem.quantity)

    def collect(self, name):
        """The attribute `name` of the elements, reduced as the problem's quantity is."""
        parts = [getattr(t, name) if kept else mpf(0) for t, kept in zip(self.terms, self.kept)]
        return self.reduce(parts)

    def reduce(self, parts):
        columns = self.problem.shape[1]
        if self.problem.quantity == "losses":
            return parts
        if self.problem.quantity == "rowLosses":
            return [sum(parts[i:i + columns], mpf(0)) / columns for i in range(0, len(parts), columns)]
        if self.problem.quantity == "loss":
            return [quotient(sum(parts, mpf(0)), self.divisor)]
        return [quotient(part, self.divisor) for part in parts]


def text(value):
    """25 significant digits, "inf", "-inf", "nan" or "0"."""
    if isnan(value):
        return "nan"
    if value in (inf, -inf):
        return "inf" if value > 0 else "-inf"
    return mp.nstr(value, 25, strip_zeros=True, min_fixed=-5, max_fixed=20).removesuffix(".0")

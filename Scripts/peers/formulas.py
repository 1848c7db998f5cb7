# SPDX-License-Identifier: Apache-2.0
"""The losses and their derivatives, each stated once: in float64 they are the exact answers, in a framework its best way.

`m` is numpy, jax.numpy or torch, which have these functions by the same names. Each formula returns the losses of the
elements and their derivatives with respect to the predictions. A derivative that is not asked for costs a compiler
nothing.
"""

POSITIVE_WEIGHT = 3.0
SMOOTHING = 0.1
GAMMA, ALPHA = 2, 0.25
GAMMA_WITH_ROOT = 1.5
COLUMNS = 64


def probabilities(m, p, t):
    """One logarithm per element, which 0/1 targets allow."""
    return -m.log(m.where(t > 0.5, p, 1 - p)), 1 / (1 - t - p)


def soft_probabilities(m, p, t):
    return -(t * m.log(p) + (1 - t) * m.log1p(-p)), (p - t) / (p * (1 - p))


def _parts(m, x):
    """max(x, 0), ln(1 + e^-|x|), sigma(x) and sigma(-x)."""
    e = m.exp(-m.abs(x))
    larger = 1 / (1 + e)
    smaller = e * larger
    return m.where(x > 0, x, 0), m.log1p(e), m.where(x > 0, larger, smaller), m.where(x > 0, smaller, larger)


def logits(m, x, t):
    positive, log, sigma, _ = _parts(m, x)
    return positive - x * t + log, sigma - t


def positive_weight(m, x, t, weight=POSITIVE_WEIGHT):
    positive, log, sigma, other = _parts(m, x)
    loss = (1 - t) * x + (1 + (weight - 1) * t) * (positive - x + log)
    return loss, (1 - t) * sigma - weight * t * other


def column_positive_weights(m, x, t, w):
    loss, derivative = positive_weight(m, x.reshape(-1, COLUMNS), t.reshape(-1, COLUMNS), w)
    return loss, derivative.reshape(-1)


def mask(m, x, t, counts):
    loss, derivative = logits(m, x, t)
    return m.where(counts, loss, 0), m.where(counts, derivative, 0)


def missing(m, x, t):
    """A target that is NaN is missing."""
    counts = t == t
    return mask(m, x, m.where(counts, t, 0), counts)


def weights(m, x, t, w):
    loss, derivative = logits(m, x, t)
    return w * loss, w * derivative


def column_weights(m, x, t, w):
    loss, derivative = logits(m, x.reshape(-1, COLUMNS), t.reshape(-1, COLUMNS))
    return w * loss, (w * derivative).reshape(-1)


def row_weights(m, x, t, w):
    return column_weights(m, x, t, w.reshape(-1, 1))


def smoothing(m, x, t):
    return logits(m, x, t * (1 - SMOOTHING) + SMOOTHING / 2)


def focal_with_root(m, x, t):
    return focal(m, x, t, GAMMA_WITH_ROOT, lambda wrong: wrong * m.sqrt(wrong))


def focal(m, x, t, gamma=GAMMA, power=lambda wrong: wrong**GAMMA):
    """For 0/1 targets: z is the logit of being wrong."""
    sign = 1 - 2 * t
    positive, log, wrong, right = _parts(m, sign * x)
    factor = power(wrong) * m.where(t > 0.5, ALPHA, 1 - ALPHA)
    loss = positive + log
    return factor * loss, sign * factor * (gamma * right * loss + wrong)

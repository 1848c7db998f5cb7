# SPDX-License-Identifier: Apache-2.0
"""NumPy, with the formulas that programs have, and scikit-learn, for the plain losses. Neither has a thread setting."""

import numpy as np

PACKAGES = ["numpy", "scikit-learn"]
data = None


def configure(threads):
    global log_loss
    from sklearn.metrics import log_loss


def load(arrays):
    global data
    data = arrays | {"gradient": np.empty_like(arrays["x"])}


def from_probabilities(p, t):
    return -np.mean(t * np.log(p) + (1 - t) * np.log1p(-p))


def select_probabilities(p, t):
    """One logarithm per element, which 0/1 targets allow."""
    return -np.mean(np.log(np.where(t > 0.5, p, 1 - p)))


def scikit_learn(p, t):
    return log_loss(t, p)


def from_logits(x, t):
    return np.mean(np.maximum(x, 0) - x * t + np.log1p(np.exp(-np.abs(x))))


def closed_form():
    """In place, so that the gradient costs no temporary buffer."""
    x, t, gradient = data["x"], data["t"], data["gradient"]
    np.negative(x, out=gradient)
    np.exp(gradient, out=gradient)
    gradient += 1
    np.reciprocal(gradient, out=gradient)
    gradient -= t
    gradient /= x.size
    return float(from_logits(x, t)), gradient


def value(function, *names):
    return lambda: float(function(*(data[name] for name in names)))


def ways(operation):
    if operation == "probabilities":
        return {
            "numpy": value(from_probabilities, "p", "t"),
            "numpy-select": value(select_probabilities, "p", "t"),
            "sklearn.log_loss": value(scikit_learn, "p", "t"),
        }
    if operation == "logits":
        return {"numpy": value(from_logits, "x", "t")}
    if operation == "logits-gradient":
        return {"numpy-closed-form": closed_form}
    return {}

# SPDX-License-Identifier: Apache-2.0
"""scikit-learn, optax, and the objectives of XGBoost and LightGBM as formulas."""

import numpy as np
import jax
import optax
import sklearn
from sklearn._loss.loss import HalfBinomialLoss
from sklearn.metrics import log_loss

from case import Case
from grid import SCALARS, matrix, single

jax.config.update("jax_enable_x64", True)
SKLEARN = f"scikit-learn {sklearn.__version__}"
OPTAX = f"optax {optax.__version__}, jax {jax.__version__}"


def log_losses():
    for scalar in SCALARS:
        hard = [p for p in single("probabilities", scalar, preset="scikit-learn", reduction="weighted-mean")
                if p.targets[0, 0] in (0, 1)]
        for one in hard:
            answer = log_loss(one.targets[0], one.predictions[0], labels=[0, 1])
            yield Case("scikit-learn", SKLEARN, "log_loss(t, p, labels=[0, 1])", one, answer, "1 - p")
        one = matrix("probabilities", scalar, 1, 12, 12, preset="scikit-learn", reduction="weighted-mean",
                     weights=[0, 1, 2.5] * 4)
        answer = log_loss(one.targets[0], one.predictions[0], sample_weight=one.weights, labels=[0, 1])
        yield Case("scikit-learn", SKLEARN, "log_loss(t, p, sample_weight=w)", one, answer, "1 - p")


def half_binomial():
    for one in single("logits", "float64"):
        x, t = one.predictions[0], one.targets[0]
        loss = HalfBinomialLoss()
        gradient, hessian = loss.gradient_hessian(t, x)
        for quantity, answer in (("loss", loss.loss(t, x)), ("gradient", gradient), ("hessian", hessian)):
            yield Case("scikit-learn", SKLEARN, f"HalfBinomialLoss().{quantity}", one.with_(quantity=quantity), answer, "x")


def optax_cases():
    for scalar in SCALARS:
        for one in single("logits", scalar):
            answer = optax.sigmoid_binary_cross_entropy(one.predictions, one.targets).mean()
            yield Case("optax", OPTAX, "sigmoid_binary_cross_entropy(x, t)", one, answer, "x")
        for gamma in (0.5, 1.0, 2.0, 5.0):
            for alpha in (None, 0.25):
                one = matrix("logits", scalar, 3, 4, 13, gamma=gamma, alpha=alpha)
                answer = optax.sigmoid_focal_loss(one.predictions, one.targets, alpha=alpha, gamma=gamma).mean()
                yield Case("optax", OPTAX, "sigmoid_focal_loss(x, t, alpha, gamma).mean()", one, answer, "x")


def boosting():
    """Gradient and Hessian of a row, as FRAMEWORKS' notes on their sources have them; no library is run."""
    for one in single("logits", "float32", reduction="sum"):
        x, t = one.predictions[0, 0], one.targets[0, 0]
        if not np.isfinite(x):
            continue
        one_ = np.float32(1)
        p = one_ / (one_ + np.exp(min(-x, np.float32(88.7))) + np.float32(1e-16))
        for quantity, answer in (("gradient", p - t), ("hessian", max(p * (one_ - p), np.float32(1e-16)))):
            yield Case("xgboost-formula", "xgboost 3.2.0", f"binary:logistic {quantity}",
                       one.with_(quantity=quantity), answer, "s")
        if t not in (0, 1):
            continue
        sign = 1.0 if t > 0 else -1.0
        response = -sign / (1 + np.exp(np.clip(sign * float(x), -700, 700)))
        for quantity, answer in (("gradient", response), ("hessian", abs(response) * (1 - abs(response)))):
            yield Case("lightgbm-formula", "lightgbm 4.7.0", f"binary {quantity}",
                       one.with_(quantity=quantity), np.float32(answer), "s")


def cases():
    yield from log_losses()
    yield from half_binomial()
    yield from optax_cases()
    yield from boosting()

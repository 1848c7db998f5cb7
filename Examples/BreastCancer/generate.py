#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the files of this folder: out-of-fold predictions of a logistic regression on the breast-cancer data set.

Run it as Scripts/make-example-data.sh, which sets up the environment it needs.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

here = Path(__file__).parent
features, targets = load_breast_cancer(return_X_y=True)
model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))
folds = StratifiedKFold(n_splits=10, shuffle=True, random_state=20261123)

# Both from the same ten fits, so that probability = 1 / (1 + e^-logit).
logits = cross_val_predict(model, features, targets, cv=folds, method="decision_function")
probabilities = cross_val_predict(model, features, targets, cv=folds, method="predict_proba")[:, 1]

np.save(here / "logits.npy", logits)
np.save(here / "probabilities.npy", probabilities)
np.save(here / "targets.npy", targets.astype(np.uint8))
np.savetxt(
    here / "predictions.csv",
    np.column_stack([targets, probabilities, logits]),
    delimiter=",",
    header="target,probability,logit",
    comments="",
    fmt=["%d", "%.17g", "%.17g"],
)
summary = {
    "log_loss": log_loss(targets, probabilities),
    "accuracy": float(((probabilities > 0.5) == targets).mean()),
    "count": len(targets),
    "scikit-learn": sklearn.__version__,
    "numpy": np.__version__,
}
(here / "scikit-learn.json").write_text(json.dumps(summary, indent=2) + "\n")
print(json.dumps(summary, indent=2))

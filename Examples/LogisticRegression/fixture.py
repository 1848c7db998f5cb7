#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes data.csv and scikit-learn.json: the breast-cancer data, and what scikit-learn learns from it.

Run it as Scripts/make-example-data.sh, which sets up the environment it needs. Every fourth row is for the test, so that
the split needs no random numbers; features are standardised by the other rows' mean and standard deviation.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

C = 1.0
here = Path(__file__).parent
data = load_breast_cancer()
features, targets = data.data, data.target

header = ",".join([name.replace(" ", "_") for name in data.feature_names] + ["benign"])
rows = [",".join([repr(float(x)) for x in row] + [str(int(t))]) for row, t in zip(features, targets)]
(here / "data.csv").write_text("\n".join([header, *rows]) + "\n")

is_test = np.arange(len(targets)) % 4 == 3
scaler = StandardScaler().fit(features[~is_test])
train, test = scaler.transform(features[~is_test]), scaler.transform(features[is_test])
model = LogisticRegression(C=C, solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(train, targets[~is_test])

probabilities = model.predict_proba(test)[:, 1]
summary = {
    "C": C,
    "coefficients": model.coef_[0].tolist(),
    "intercept": float(model.intercept_[0]),
    "trainLoss": log_loss(targets[~is_test], model.predict_proba(train)[:, 1]),
    "testLoss": log_loss(targets[is_test], probabilities),
    "testAccuracy": float(((probabilities > 0.5) == targets[is_test]).mean()),
    "scikit-learn": sklearn.__version__,
    "numpy": np.__version__,
}
(here / "scikit-learn.json").write_text(json.dumps(summary, indent=2) + "\n")

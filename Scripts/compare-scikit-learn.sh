#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compares what bce evaluate prints with scikit-learn's log_loss, brier_score_loss, calibration_curve and roc_auc_score,
# for probabilities and logits, with and without weights, with ties and extreme values. Takes a few seconds after the
# first time. With NO_INSTALL=1 it stops where packages would have to be installed.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/installing.sh
environment=.build/scikit-learn-venv
python_environment "$environment" Scripts/scikit-learn/requirements.txt
swift build --product bce 2>&1 | tail -1
exec "$environment/bin/python" Scripts/scikit-learn/compare.py "$(swift build --show-bin-path)/bce"

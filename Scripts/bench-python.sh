#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Times calls from Python against PyTorch, JAX, NumPy and scikit-learn, and objectives in XGBoost against NumPy's, in an
# environment of its own (2 GB). ROWS is the number of rows of the largest calls: 10^8 by default, which take 8 GB of memory.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/installing.sh
Scripts/build-wheel.sh
environment=.build-c/python-bench
python_environment $environment Scripts/python/bench.txt
$environment/bin/pip install --quiet --no-deps --force-reinstall .build-c/wheel/*.whl
$environment/bin/python Python/benchmarks/frameworks.py --rows "${ROWS:-100000000}"
$environment/bin/python Python/benchmarks/boosting.py

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Times calls from C, calls from Python beside those of PyTorch, JAX, NumPy and scikit-learn, and objectives in XGBoost
# beside the same ones written with NumPy. The Python packages are installed into a separate environment (2 GB). ROWS is the
# number of rows of the largest calls, by default 10^8, which take 8 GB of memory.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/installing.sh
Scripts/build-wheel.sh

cc -std=gnu11 -O2 -ISources/CrossEntropyCInterface/include Benchmarks/C/calls.c .build-c/lib/libcross_entropy.so.1 \
    -o .build-c/calls
LD_LIBRARY_PATH=.build-c/lib .build-c/calls

environment=.build-c/python-bench
python_environment $environment Scripts/python/bench.txt
$environment/bin/pip install --quiet --no-deps --force-reinstall .build-c/wheel/*.whl
$environment/bin/python Python/benchmarks/frameworks.py --rows "${ROWS:-100000000}"
$environment/bin/python Python/benchmarks/boosting.py

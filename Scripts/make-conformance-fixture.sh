#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Asks Keras, PyTorch, scikit-learn, optax and others what they make of the inputs in Scripts/conformance/grid.py, and
# writes Tests/CrossEntropyTests/Fixtures/conformance.json, which is all that the tests need. Takes a few minutes and
# 3 GB the first time; PYTHON names the interpreter (3.11). With NO_INSTALL=1 it stops where packages would have to be
# installed. PyTorch is its CPU build: PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/installing.sh
environment=.build/conformance-venv
python_environment "$environment" Scripts/conformance/requirements.txt
"$environment/bin/python" Scripts/conformance/fixture.py Tests/CrossEntropyTests/Fixtures/conformance.json

# What the tool writes, NumPy's own reader must read.
swift build --product bce
"$environment/bin/python" Scripts/conformance/numpy_round_trip.py .build/debug/bce

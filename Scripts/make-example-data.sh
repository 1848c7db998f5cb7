#!/usr/bin/env bash
# Makes the data of both examples anew, in a Python environment of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
environment=.venv-example
python3 -m venv "$environment"
"$environment/bin/pip" install --quiet scikit-learn==1.9.1 numpy
"$environment/bin/python" Examples/BreastCancer/generate.py
"$environment/bin/python" Examples/LogisticRegression/fixture.py

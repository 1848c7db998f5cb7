#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the data of both examples anew, in a Python environment of its own; with NO_INSTALL=1 it stops where packages
# would have to be installed.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/installing.sh
environment=.venv-example
python_environment "$environment" Examples/requirements.txt
"$environment/bin/python" Examples/BreastCancer/generate.py
"$environment/bin/python" Examples/LogisticRegression/fixture.py

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the wheel of the Python package in .build-c/wheel, with the library for C that Scripts/build-c-library.sh makes, and
# checks it: at most 12 MB, clean according to auditwheel, and no older or newer platform than its name says.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/installing.sh
fail() { echo "$*" >&2; exit 1; }

Scripts/build-c-library.sh
environment=.build-c/wheel-venv
python_environment $environment Scripts/python/build.txt

# A copy, so that neither the library nor what setuptools leaves is among the sources.
stage=.build-c/wheel-sources
rm -rf $stage .build-c/wheel
cp -r Python $stage
rm -rf $stage/build $stage/src/*.egg-info
cp .build-c/lib/libcross_entropy.so.1 $stage/src/cross_entropy
$environment/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir .build-c/wheel $stage

# The name of a platform that pip installs from an index; what it promises is audited below.
$environment/bin/wheel tags --remove --platform-tag manylinux_2_34_x86_64 .build-c/wheel/*.whl >/dev/null
wheel=$(ls .build-c/wheel/*.whl)
size=$(stat -c %s "$wheel")
[ "$size" -le 12000000 ] || fail "$wheel has $size bytes"
audit=$($environment/bin/auditwheel show "$wheel" | tr '\n' ' ')
case $audit in
*'"manylinux_2_34_x86_64"'*) echo "$wheel: $size bytes, consistent with manylinux_2_34_x86_64" ;;
*) fail "$audit" ;;
esac

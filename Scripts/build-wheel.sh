#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the wheel of the Python package in .build-c/wheel. It contains the library for C that Scripts/build-c-library.sh
# builds. Checks that the wheel has at most 12 MB, and that auditwheel finds it consistent with the platform in its name.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/installing.sh
fail() { echo "$*" >&2; exit 1; }

Scripts/build-c-library.sh
environment=.build-c/wheel-venv
python_environment $environment Scripts/python/build.txt

# The wheel is built from a copy, so that neither the library nor the files that setuptools creates end up in the sources.
stage=.build-c/wheel-sources
rm -rf $stage .build-c/wheel
cp -r Python $stage
rm -rf $stage/build $stage/src/*.egg-info
cp .build-c/lib/libcross_entropy.so.1 $stage/src/cross_entropy
# setuptools puts it into the wheel.
cp LICENSE $stage
$environment/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir .build-c/wheel $stage

# Sets the platform tag. Package indexes accept manylinux tags, but not the tag linux_x86_64 that setuptools sets. auditwheel
# then checks that the library uses only what this tag allows.
$environment/bin/wheel tags --remove --platform-tag manylinux_2_34_x86_64 .build-c/wheel/*.whl >/dev/null
wheel=$(ls .build-c/wheel/*.whl)
size=$(stat -c %s "$wheel")
[ "$size" -le 12000000 ] || fail "$wheel has $size bytes"
audit=$($environment/bin/auditwheel show "$wheel" | tr '\n' ' ')
case $audit in
*'"manylinux_2_34_x86_64"'*) echo "$wheel: $size bytes, consistent with manylinux_2_34_x86_64" ;;
*) fail "$audit" ;;
esac

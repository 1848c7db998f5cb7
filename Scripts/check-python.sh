#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the wheel, installs it into two environments, and runs the tests of the Python package in each. The first has only
# NumPy, and the tests that need other packages are skipped. The second has the other packages, except those that are too
# large for CI. Then runs the Python code of the README and the other pages, the example scripts and the type checker.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/installing.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

Scripts/build-wheel.sh
wheel=$(ls .build-c/wheel/*.whl)
# The tests run in a folder without the sources of the package, so that they import the installed package.
cp -r Python/tests Python/examples "$work"

for name in bare tests; do
    environment=.build-c/python-$name
    python_environment $environment Scripts/python/$name.txt
    $environment/bin/pip install --quiet --no-deps --force-reinstall "$wheel"
    (cd "$work/tests" && "$OLDPWD/$environment/bin/python" -m pytest -q -p no:cacheprovider .)
done

python=$PWD/.build-c/python-tests/bin/python
awk '/^```python example/ { on = 1; next } /^```/ { on = 0 } on' README.md >"$work/example.py"
awk '/^```text python-output/ { on = 1; next } /^```/ { on = 0 } on' README.md >"$work/expected"
[ -s "$work/example.py" ] || { echo "the README has no Python example" >&2; exit 1; }
(cd "$work" && "$python" example.py | diff expected -)
# The code blocks of a page form one program.
for page in Python/README.md Sources/CrossEntropy/CrossEntropy.docc/CallingFromCAndPython.md; do
    awk '/^```python$/ { on = 1; next } /^```/ { on = 0 } on' "$page" >"$work/page.py"
    (cd "$work" && "$python" page.py >/dev/null)
done
for script in "$work"/examples/*.py; do (cd "$work" && "$python" "$script" >/dev/null); done
(cd Python && "$python" -m mypy --cache-dir "$work/mypy")

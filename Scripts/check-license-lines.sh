#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fails on a source file without its SPDX line among the first three.
set -euo pipefail
cd "$(dirname "$0")/.."
missing=0
while IFS= read -r file; do
    if ! head -3 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0'; then
        echo "$file: no SPDX-License-Identifier line" >&2
        missing=1
    fi
done < <(git ls-files '*.swift' '*.h' '*.c' '*.py' '*.sh' '*.modulemap' Makefile .ci/run)
exit $missing

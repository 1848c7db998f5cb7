#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs OpenBLAS where pkg-config does not find it: with apt on Debian and Ubuntu (sudo only if not root), with
# brew on macOS. Says what it does; does nothing where it is there, and stops with the command where NO_INSTALL=1.
set -euo pipefail
. "$(dirname "$0")/installing.sh"

if command -v pkg-config >/dev/null && pkg-config --exists openblas; then
    exit 0
fi

if [ "$(uname)" = Darwin ]; then
    announce_and_run OpenBLAS "this system, with Homebrew" "brew install openblas pkgconf"
    exit 0
fi

if ! command -v apt-get >/dev/null; then
    echo "OpenBLAS is missing, and there is no apt-get here: install its development files (openblas.pc) by hand" >&2
    exit 1
fi

install_packages OpenBLAS "libopenblas-dev pkg-config"

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds bce in .build-tool/bin, and bce-pairwise beside it where there is an OpenBLAS. The Swift runtime is linked into them,
# so they need no Swift where they run, and start in 4 ms instead of 6 (18 MB each, without symbols).
set -euo pipefail
cd "$(dirname "$0")/.."
build=(swift build -c release --static-swift-stdlib --scratch-path .build-tool)
products=(bce)
if pkg-config --exists openblas 2>/dev/null; then products+=(bce-pairwise); fi

mkdir -p .build-tool/bin
rm -f .build-tool/bin/*
for product in "${products[@]}"; do
    "${build[@]}" --product "$product"
    strip -o ".build-tool/bin/$product" "$("${build[@]}" --show-bin-path)/$product"
done
ls -l .build-tool/bin

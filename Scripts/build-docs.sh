#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the documentation to a static site in .build/docs: symbols from the compiler, pages by the toolchain's docc. No
# plugin and no network.
set -euo pipefail
cd "$(dirname "$0")/.."
graphs=.build/symbol-graphs
rm -rf "$graphs" .build/docs
mkdir -p "$graphs"
# A build of its own: an up-to-date target would not be compiled, and would leave no graph.
swift build --scratch-path .build-docs --target CrossEntropy \
    -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$PWD/$graphs"
# docc describes one module.
find "$graphs" -name '*.json' ! -name 'CrossEntropy.symbols.json' ! -name 'CrossEntropy@*' -delete
docc=$(command -v docc || echo "$(dirname "$(readlink -f "$(command -v swift)")")/docc")
"$docc" convert Sources/CrossEntropy/CrossEntropy.docc --additional-symbol-graph-dir "$graphs" \
    --fallback-display-name CrossEntropy --fallback-bundle-identifier org.swift-cross-entropy.CrossEntropy \
    --transform-for-static-hosting --warnings-as-errors --output-path .build/docs
echo "wrote .build/docs; look at it with: python3 -m http.server --directory .build/docs, /documentation/crossentropy"

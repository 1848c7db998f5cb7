#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds libcross_entropy.so.1 in .build-c/lib: the C interface with its own copy of the Swift runtime, so that it needs no
# Swift where it runs. Only its ce_* functions are visible, which lets it share a process with any other Swift library.
#
# With the argument `blas`, builds libcross_entropy_blas.so.1 instead, which needs OpenBLAS both here and where it runs. It
# has the functions of the first library too, under a version of their own: a program is linked with one of the two, and its
# errors and objects are those of that library even if the process has both.
#
# SwiftPM (6.3) has no option that links the runtime into a dynamic library, so the archive that it makes is linked here, by
# lld: gold keeps some Swift symbols in the dynamic table, against the version script. Of the overlays only the library of
# Synchronization is needed; with all that swiftc would add, the library has 0.8 MB more and needs glibc 2.35.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
    "") product=CrossEntropyC name=cross_entropy libraries= ;;
    blas) product=CrossEntropyBLASC name=cross_entropy_blas libraries=$(pkg-config --libs openblas) ;;
    *) echo "usage: $0 [blas]" >&2; exit 2 ;;
esac
archive=.build-c/release/lib$product.a
library=.build-c/lib/lib$name.so.1

[ "$(uname)" = Linux ] || { echo "the shared library for C is built on Linux only" >&2; exit 1; }
# An archive keeps the objects of sources that have been removed since it was made.
rm -f "$archive"
swift build -c release --product $product --scratch-path .build-c
static=$(swiftc -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)".*|\1_static/linux|p')

mkdir -p .build-c/lib
# shellcheck disable=SC2086
"$(dirname "$(command -v swiftc)")/clang" -shared -fuse-ld=lld -o "$library" \
    "$static/$(uname -m)/swiftrt.o" -Wl,--whole-archive "$archive" -Wl,--no-whole-archive \
    -L"$static" -lswiftCore -lswiftSynchronization -lstdc++ -lm $libraries \
    -Wl,-soname,lib$name.so.1 -Wl,--version-script=Scripts/c-library/$name.map \
    -Wl,-z,defs -Wl,--gc-sections -Wl,--icf=all -Wl,-s
ls -l "$library"

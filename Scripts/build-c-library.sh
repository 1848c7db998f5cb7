#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds libcross_entropy.so.1 in .build-c/lib. It contains the C interface and its own copy of the Swift runtime, so no
# Swift needs to be installed where it runs. It exports only its ce_* functions, so it can be loaded into a process together
# with any other Swift library.
#
# With the argument `blas`, builds libcross_entropy_blas.so.1 instead, which needs OpenBLAS to be built and to run. It also
# has the functions of the first library, with a symbol version of its own. A program is linked with one of the two libraries
# and uses the errors and objects of that one, even if the other is also loaded.
#
# SwiftPM (6.3) has no option to link the runtime into a dynamic library, so this script links the archive that SwiftPM
# makes. It uses lld because gold ignores the version script for some Swift symbols and exports them. The only overlay that
# is needed is Synchronization. With all the libraries that swiftc would add, the result is 0.8 MB larger
# and needs glibc 2.35.
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
# SwiftPM updates an existing archive and leaves the objects of deleted sources in it, so the archive is made from scratch.
rm -f "$archive"
swift build -c release --product $product --scratch-path .build-c
static=$(swiftc -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)".*|\1_static/linux|p')

mkdir -p .build-c/lib
# shellcheck disable=SC2086
"$(dirname "$(command -v swiftc)")/clang" -shared -fuse-ld=lld -o "$library" \
    "$static/$(uname -m)/swiftrt.o" -Wl,--whole-archive "$archive" -Wl,--no-whole-archive \
    -L"$static" -lswiftCore -lswiftSynchronization -lstdc++ -lm $libraries \
    -Wl,-soname,lib$name.so.1 -Wl,--version-script=Scripts/c-library/$name.map \
    -Wl,-z,defs -Wl,-z,nodelete -Wl,--gc-sections -Wl,--icf=all -Wl,-s
ls -l "$library"

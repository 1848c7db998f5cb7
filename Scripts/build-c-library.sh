#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds libcross_entropy.so.1 in .build-c/lib: the C interface with its own copy of the Swift runtime, so that it needs no
# Swift where it runs. Only its ce_* functions are visible, which lets it share a process with any other Swift library.
#
# SwiftPM (6.3) has no option that links the runtime into a dynamic library, so the archive that it makes is linked here, by
# lld: gold keeps some Swift symbols in the dynamic table, against the version script. Of the overlays only the library of
# Synchronization is needed; with all that swiftc would add, the library has 0.8 MB more and needs glibc 2.35.
set -euo pipefail
cd "$(dirname "$0")/.."

[ "$(uname)" = Linux ] || { echo "the shared library for C is built on Linux only" >&2; exit 1; }
# An archive keeps the objects of sources that have been removed since it was made.
rm -f .build-c/release/libCrossEntropyC.a
swift build -c release --product CrossEntropyC --scratch-path .build-c
static=$(swiftc -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)".*|\1_static/linux|p')

mkdir -p .build-c/lib
"$(dirname "$(command -v swiftc)")/clang" -shared -fuse-ld=lld -o .build-c/lib/libcross_entropy.so.1 \
    "$static/$(uname -m)/swiftrt.o" -Wl,--whole-archive .build-c/release/libCrossEntropyC.a -Wl,--no-whole-archive \
    -L"$static" -lswiftCore -lswiftSynchronization -lstdc++ -lm \
    -Wl,-soname,libcross_entropy.so.1 -Wl,--version-script=Scripts/c-library/exports.map \
    -Wl,-z,defs -Wl,--gc-sections -Wl,--icf=all -Wl,-s
ls -l .build-c/lib/libcross_entropy.so.1

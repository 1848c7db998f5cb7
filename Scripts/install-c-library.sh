#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the library for C, which Scripts/build-c-library.sh has built, with its header, a file for pkg-config and a CMake
# package below PREFIX (/usr/local), or DESTDIR followed by PREFIX. With the argument `uninstall`, removes these files.
set -euo pipefail
cd "$(dirname "$0")/.."
root="${DESTDIR:-}${PREFIX:-/usr/local}"
cmake="$root/lib/cmake/cross-entropy"

if [ "${1:-}" = uninstall ]; then
    rm -f "$root/lib/libcross_entropy.so" "$root/lib/libcross_entropy.so.1" "$root/include/cross_entropy.h" \
        "$root/lib/pkgconfig/cross-entropy.pc" "$cmake"/cross-entropy-config{,-version}.cmake
    if [ -d "$cmake" ]; then rmdir "$cmake"; fi
    exit 0
fi

header=Sources/CrossEntropyCInterface/include/cross_entropy.h
part() { sed -n "s/^#define CE_VERSION_$1 \([0-9]*\)$/\1/p" "$header"; }
version="$(part MAJOR).$(part MINOR).$(part PATCH)"

install -d "$root/lib/pkgconfig" "$root/include" "$cmake"
install -m 644 "$header" "$root/include"
install -m 755 .build-c/lib/libcross_entropy.so.1 "$root/lib"
ln -sf libcross_entropy.so.1 "$root/lib/libcross_entropy.so"
sed "s/@VERSION@/$version/" Scripts/c-library/cross-entropy.pc.in >"$root/lib/pkgconfig/cross-entropy.pc"
install -m 644 Scripts/c-library/cross-entropy-config.cmake "$cmake"
sed "s/@VERSION@/$version/" Scripts/c-library/cross-entropy-config-version.cmake.in >"$cmake/cross-entropy-config-version.cmake"
chmod 644 "$root/lib/pkgconfig/cross-entropy.pc" "$cmake/cross-entropy-config-version.cmake"
echo "installed libcross_entropy.so.1, version $version, below $root"

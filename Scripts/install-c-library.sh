#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the library for C that Scripts/build-c-library.sh has built, with its header, a pkg-config file and a CMake
# package. They are installed below PREFIX (/usr/local by default), or below DESTDIR followed by PREFIX. With the argument
# `blas`, installs the library that needs OpenBLAS. With `uninstall`, removes the files of both libraries.
set -euo pipefail
cd "$(dirname "$0")/.."
root="${DESTDIR:-}${PREFIX:-/usr/local}"
header=Sources/CrossEntropyCInterface/include/cross_entropy.h

part() { sed -n "s/^#define CE_VERSION_$1 \([0-9]*\)$/\1/p" "$header"; }
version="$(part MAJOR).$(part MINOR).$(part PATCH)"

# from_template FILE PACKAGE LIBRARY DESTINATION
from_template() {
    sed "s/@PACKAGE@/$2/g; s/@LIBRARY@/$3/g; s/@VERSION@/$version/g" "Scripts/c-library/$1" >"$4"
    chmod 644 "$4"
}

# install_library PACKAGE LIBRARY HEADER...
install_library() {
    local package=$1 library=$2 cmake="$root/lib/cmake/$1"
    shift 2
    install -d "$root/lib/pkgconfig" "$root/include" "$cmake"
    install -m 644 "$@" "$root/include"
    install -m 755 ".build-c/lib/lib$library.so.1" "$root/lib"
    ln -sf "lib$library.so.1" "$root/lib/lib$library.so"
    from_template package.pc.in "$package" "$library" "$root/lib/pkgconfig/$package.pc"
    from_template package-config.cmake.in "$package" "$library" "$cmake/$package-config.cmake"
    from_template package-config-version.cmake.in "$package" "$library" "$cmake/$package-config-version.cmake"
    echo "installed lib$library.so.1, version $version, below $root"
}

# remove_library PACKAGE LIBRARY HEADER
remove_library() {
    local cmake="$root/lib/cmake/$1"
    rm -f "$root/lib/lib$2.so" "$root/lib/lib$2.so.1" "$root/include/$3" "$root/lib/pkgconfig/$1.pc" \
        "$cmake/$1-config.cmake" "$cmake/$1-config-version.cmake"
    if [ -d "$cmake" ]; then rmdir "$cmake"; fi
}

case "${1:-}" in
"") install_library cross-entropy cross_entropy "$header" ;;
blas)
    install_library cross-entropy-blas cross_entropy_blas "$header" \
        Sources/CrossEntropyBLASCInterface/include/cross_entropy_blas.h
    ;;
uninstall)
    remove_library cross-entropy cross_entropy cross_entropy.h
    remove_library cross-entropy-blas cross_entropy_blas cross_entropy_blas.h
    ;;
*) echo "usage: $0 [blas | uninstall]" >&2; exit 2 ;;
esac

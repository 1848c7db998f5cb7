#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds and installs the library for C with OpenBLAS, and uses it from C programs without Swift in PATH: the example in its
# header, and the tests in Tests/C. The tests also run with the oldest kernels of OpenBLAS, and in one process with the
# library that does not have OpenBLAS.
#
# Then checks the symbols and dependencies of the library. It must export the ce_* functions of both headers and nothing
# else. It must need libopenblas.so.0, no Swift library, and no symbol newer than glibc 2.34. It must not call its own
# functions through symbols that another library could replace.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/installing.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$*" >&2; exit 1; }

command -v c++ >/dev/null || install_packages "a C++ compiler" g++

Scripts/build-c-library.sh
Scripts/build-c-library.sh blas
prefix=$work/prefix
PREFIX=$prefix Scripts/install-c-library.sh
PREFIX=$prefix Scripts/install-c-library.sh blas
first=$prefix/lib/libcross_entropy.so.1
library=$prefix/lib/libcross_entropy_blas.so.1

# No Swift toolchain is in this PATH.
export PATH=/usr/bin:/bin PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib
! command -v swift || fail "Swift is in $PATH"
strict="-Wall -Wextra -Wpedantic -Werror"
# shellcheck disable=SC2046,SC2086
compile() {
    cc -std=$1 $strict -O1 "$2" -Wl,--as-needed $(pkg-config --cflags --libs $3) -lm -lpthread -ldl -o "$work/${2##*/}.out"
}

{
    echo '#include <cross_entropy_blas.h>
#include <stdio.h>
int main(void) {'
    awk '/^#ifndef/ { exit } /^\/\/     / { print substr($0, 3) }' "$prefix/include/cross_entropy_blas.h"
    echo 'printf("%.4f %.4f %.4f %.4f\n", losses[0], losses[1], losses[2], losses[3]); }'
} >"$work/example.c"
compile c99 "$work/example.c" cross-entropy-blas
# The first number is the mean of ln(1 + e^-2) and ln(1 + e^-1), the second that of ln(1 + e^2) and ln(1 + e^1), and so on.
[ "$("$work/example.c.out")" = "0.2201 1.7201 1.7613 0.5113" ] || fail "the example in the header prints something else"
# shellcheck disable=SC2086
c++ -std=c++11 $strict -fsyntax-only -x c++ "$prefix/include/cross_entropy_blas.h"

for test in pairwise logistic edges errors objects; do
    compile c99 Tests/C/blas-$test.c cross-entropy-blas
    "$work/blas-$test.c.out" || fail "Tests/C/blas-$test.c fails"
    OPENBLAS_CORETYPE=Prescott OPENBLAS_NUM_THREADS=1 "$work/blas-$test.c.out" ||
        fail "Tests/C/blas-$test.c fails with the kernels of OpenBLAS for Prescott"
done
compile gnu11 Tests/C/blas-processes.c cross-entropy-blas
"$work/blas-processes.c.out" || fail "Tests/C/blas-processes.c fails"
compile gnu11 Tests/C/both-libraries.c cross-entropy
"$work/both-libraries.c.out" "$first" "$library" || fail "Tests/C/both-libraries.c fails if the library without OpenBLAS is loaded first"
"$work/both-libraries.c.out" "$library" "$first" || fail "Tests/C/both-libraries.c fails if the library without OpenBLAS is loaded second"

exported() { nm -D --defined-only "$1" | awk '$2 != "A" { print $3 }' | sort; }
others=$(exported "$library" | grep -v '^ce_[a-z_0-9]*@@CROSS_ENTROPY_BLAS_1$' || true)
[ -z "$others" ] || fail "the library exports more than ce_* of its version: $others"
# Every function in the two headers must be exported, and so must every function that the other library exports.
declared=$(grep -ohE '\bce_[a-z_0-9]+\(' "$prefix"/include/cross_entropy*.h | tr -d '(' | grep -vE '^ce_(batch|matrix)_of$' | sort -u)
expected=$(printf '%s\n' "$declared" "$(exported "$first" | sed 's/@.*//')" | sort -u)
missing=$(comm -13 <(exported "$library" | sed 's/@.*//') <(echo "$expected"))
[ -z "$missing" ] || fail "the library does not export $missing"
own=$(readelf -Wr "$library" | grep -E ' ce_[a-z_0-9]+@' || true)
[ -z "$own" ] || fail "the library calls its own functions through replaceable symbols: $own"

needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
echo "$needed" | grep -qx libopenblas.so.0 || fail "the library does not need libopenblas.so.0"
more=$(echo "$needed" | grep -vE '^(libopenblas|libc|libm|libstdc\+\+|libgcc_s|ld-linux-x86-64)\.so\.[0-9]+$' || true)
[ -z "$more" ] || fail "the library needs $more"
newest=$(objdump -T "$library" | grep -oE '\(GLIBC_[0-9.]+\)' | tr -d '()' | sort -uV | tail -1)
[ "$(printf '%s\nGLIBC_2.34\n' "$newest" | sort -V | tail -1)" = GLIBC_2.34 ] || fail "the library needs $newest"

size=$(stat -c %s "$library")
PREFIX=$prefix Scripts/install-c-library.sh uninstall
[ -z "$(find "$prefix" -type f -o -type l)" ] || fail "uninstalling leaves files in $prefix"
echo "the C library with OpenBLAS: $size bytes, needs $newest; example and tests pass"

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the library for C, installs it into a scratch folder, and uses it from C programs without Swift in PATH: the
# README's example with pkg-config, and with CMake as C and as C++; the program in the documentation; and the tests in
# Tests/C.
#
# Then checks that the library exports every function in its header and only ce_* functions, needs no Swift library and no
# symbol newer than glibc 2.34, and has at most 11 MB. Finally, checks that uninstalling removes all files.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/installing.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
fail() { echo "$*" >&2; exit 1; }

command -v cmake >/dev/null || install_packages CMake "cmake g++"

Scripts/build-c-library.sh
PREFIX=$prefix Scripts/install-c-library.sh
awk '/^```c example/ { on = 1; next } /^```/ { on = 0 } on' README.md >"$work/example.c"
awk '/^```text c-output/ { on = 1; next } /^```/ { on = 0 } on' README.md >"$work/expected"
[ -s "$work/example.c" ] || fail "the README has no C example"

# No Swift toolchain is in this PATH.
export PATH=/usr/bin:/bin PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib
! command -v swift || fail "Swift is in $PATH"
strict="-Wall -Wextra -Wpedantic -Werror"
# shellcheck disable=SC2046,SC2086
compile() { cc -std=$1 $strict -O1 "$2" $(pkg-config --cflags --libs cross-entropy) -lm -lpthread -o "$3"; }

compile c99 "$work/example.c" "$work/example"
"$work/example" | diff "$work/expected" - || fail "the README's C example prints something else"
cmake -S Tests/C -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" -DEXAMPLE="$work/example.c" >/dev/null
cmake --build "$work/cmake" >/dev/null
for program in example example-cpp; do "$work/cmake/$program" | diff "$work/expected" - || fail "$program differs"; done

awk '/^```c$/ { on = 1; next } /^```/ { on = 0 } on' Sources/CrossEntropy/CrossEntropy.docc/*.md >"$work/article.c"
compile c99 "$work/article.c" "$work/article"
"$work/article" >/dev/null || fail "the program of the documentation fails"

for test in losses errors refused objects; do
    compile c99 Tests/C/$test.c "$work/$test"
    "$work/$test" || fail "Tests/C/$test.c fails"
done
compile gnu11 Tests/C/processes.c "$work/processes"
cp "$prefix/lib/libcross_entropy.so.1" "$work/copy.so"
"$work/processes" "$work/copy.so" || fail "Tests/C/processes.c fails"

library=$prefix/lib/libcross_entropy.so.1
others=$(nm -D --defined-only "$library" | awk '$2 != "A" && $3 !~ /^ce_/')
[ -z "$others" ] || fail "the library exports more than ce_*: $others"
needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^(libc|libm|libstdc\+\+|libgcc_s|ld-linux-x86-64)\.so' || true)
[ -z "$needed" ] || fail "the library needs $needed"
newest=$(objdump -T "$library" | grep -oE '\(GLIBC_[0-9.]+\)' | tr -d '()' | sort -uV | tail -1)
[ "$(printf '%s\nGLIBC_2.34\n' "$newest" | sort -V | tail -1)" = GLIBC_2.34 ] || fail "the library needs $newest"
size=$(stat -L -c %s "$library")
[ "$size" -le 11000000 ] || fail "the library has $size bytes"
# Every function in the header must be exported.
for name in $(grep -oE '\bce_[a-z_]+\(' Sources/CrossEntropyCInterface/include/cross_entropy.h | tr -d '(' | sort -u); do
    [ "$name" = ce_batch_of ] || nm -D --defined-only "$library" | grep -q " $name@" || fail "$name is not exported"
done

PREFIX=$prefix Scripts/install-c-library.sh uninstall
[ -z "$(find "$prefix" -type f -o -type l)" ] || fail "uninstalling leaves files in $prefix"
echo "the C library: $size bytes, needs $newest; example, CMake and tests pass"

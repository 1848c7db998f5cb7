#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints the values of CROSS_ENTROPY_ISA that this machine has.
set -euo pipefail
echo baseline
[ "$(uname -m)" = x86_64 ] && [ -r /proc/cpuinfo ] || exit 0
flags=" $(grep -m1 '^flags' /proc/cpuinfo) "
has() { for flag; do [[ $flags == *" $flag "* ]] || return 1; done; }
if has avx2 fma; then echo avx2; fi
if has avx2 fma avx512f avx512dq avx512bw avx512vl; then echo avx512; fi

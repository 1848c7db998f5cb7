#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Disassembles the library's objects of one build and proves where the vector registers are:
# zmm in lk_run_avx512 and nowhere else, ymm in lk_run_avx2 and lk_run_avx512 and nowhere else, and no call of fmaf or
# fma (a fused multiply-add that the level does not have would be one, 20 times slower).
# Usage: check-disassembly.sh BUILD_FOLDER   (for example .build/release)
set -euo pipefail

build=${1:?usage: check-disassembly.sh BUILD_FOLDER}
if [ "$(uname -m)" != x86_64 ]; then
    echo "disassembly: nothing to prove on $(uname -m), which has one level"
    exit 0
fi

objects=("$build"/{CVectorKernels,VectorKernels,KernelLevels,CrossEntropy}.build/*.o)
objdump --disassemble --no-show-raw-insn "${objects[@]}" | awk '
    /^[0-9a-f]+ <.*>:$/ {
        symbol = $2
        gsub(/[<>:]/, "", symbol)
        sub(/\.(cold|part)[.0-9]*$/, "", symbol)
    }
    /^ +[0-9a-f]+:\t/ {
        instructions[symbol]++
        if (/%zmm/) zmm[symbol]++
        if (/%ymm/) ymm[symbol]++
        if (/%xmm/) xmm[symbol]++
        if (/(call|jmp).*<fmaf?(@|>)/) fma[symbol]++
    }
    END {
        printf "%-16s %12s %8s %8s %8s\n", "symbol", "instructions", "xmm", "ymm", "zmm"
        split("lk_run lk_run_avx2 lk_run_avx512", levels, " ")
        for (i = 1; i <= 3; i++) {
            s = levels[i]
            printf "%-16s %12d %8d %8d %8d\n", s, instructions[s], xmm[s], ymm[s], zmm[s]
        }
        if (!zmm["lk_run_avx512"]) fail("no zmm in lk_run_avx512")
        if (!ymm["lk_run_avx2"]) fail("no ymm in lk_run_avx2")
        if (!xmm["lk_run"]) fail("no xmm in lk_run")
        for (s in zmm) if (zmm[s] && s != "lk_run_avx512") fail("zmm in " s)
        for (s in ymm) if (ymm[s] && s != "lk_run_avx512" && s != "lk_run_avx2") fail("ymm in " s)
        for (s in fma) fail("a call of fma in " s)
        exit failed
    }
    function fail(why) { print "disassembly: " why > "/dev/stderr"; failed = 1 }
'

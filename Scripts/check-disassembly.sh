#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Disassembles the objects of one build and proves where the vector registers are, kernel by kernel: zmm in its copy for
# AVX-512 and nowhere else, ymm in the copies for AVX2 and AVX-512 and nowhere else, and no call of fmaf or fma (a fused
# multiply-add that the level does not have would be one, 20 times slower). The body of a wide or upper kernel exists in
# its copies and nowhere else.
#
# Usage: check-disassembly.sh BUILD_FOLDER   (for example .build/release)
set -euo pipefail

build=${1:?usage: check-disassembly.sh BUILD_FOLDER}
if [ "$(uname -m)" != x86_64 ]; then
    echo "disassembly: nothing to prove on $(uname -m), which has one level"
    exit 0
fi

header=$(dirname "$0")/../Sources/CrossEntropyCKernels/include/kernels.h
kernels=$(sed -nE 's/^VK_(WIDE_|UPPER_)?KERNEL\(([a-z_]*),.*/vk_\2/p' "$header" | tr '\n' ' ')
upper=$(sed -nE 's/^VK_UPPER_KERNEL\(([a-z_]*),.*/vk_\1/p' "$header" | tr '\n' ' ')
objects=("$build"/{CrossEntropyCKernels,CrossEntropyVectorMath,CrossEntropyKernels,CrossEntropy}.build/*.o)
objdump --disassemble --no-show-raw-insn "${objects[@]}" | awk -v kernels="$kernels" -v upper="$upper" '
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
        printf "%-30s %10s %14s %14s\n", "kernel", "baseline", "avx2 (ymm)", "avx512 (zmm)"
        count = split(upper, names, " ")
        for (i = 1; i <= count; i++) is_upper[names[i]]
        count = split(kernels, names, " ")
        for (i = 1; i <= count; i++) {
            s = names[i]
            avx2 = s "_avx2"
            avx512 = s "_avx512"
            has_ymm[avx2]; has_ymm[avx512]; has_zmm[avx512]
            printf "%-30s %10d %8d %5d %8d %5d\n", s, instructions[s], instructions[avx2], ymm[avx2],
                instructions[avx512], zmm[avx512]
            if (!zmm[avx512]) fail("no zmm in " avx512)
            if (!ymm[avx2]) fail("no ymm in " avx2)
            if (s in is_upper) {
                if (instructions[s]) fail("code in " s)
                continue
            }
            if (!xmm[s]) fail("no xmm in " s)
            # A copy that calls the body instead of holding it has a handful of instructions.
            if (instructions[s] > 40 * instructions[avx512]) fail("the body of " s " is not in its copies")
        }
        for (s in zmm) if (zmm[s] && !(s in has_zmm)) fail("zmm in " s)
        for (s in ymm) if (ymm[s] && !(s in has_ymm)) fail("ymm in " s)
        for (s in fma) fail("a call of fma in " s)
        for (s in instructions) if (s ~ /^vk_.*_wide$/) fail("code in " s)
        exit failed
    }
    function fail(why) { print "disassembly: " why > "/dev/stderr"; failed = 1 }
'

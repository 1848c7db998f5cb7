// SPDX-License-Identifier: Apache-2.0
// The limit of matrix products: how many multiply-adds of Floats a core does in a second when nothing but its arithmetic
// units limits it. Not a BLAS routine, as a BLAS may not use all that the CPU has.
#ifndef MULTIPLY_ADD_H
#define MULTIPLY_ADD_H

#include <stdint.h>

// Computes x <- x * factor + addend in registers, `count` times or a few more over all lanes of all chains. Returns the
// sum of the lanes, which is only there to be used; with a factor of 0.5 they stay near 2 addend.
float multiply_add_baseline(int64_t count, float factor, float addend);
#if defined(__x86_64__)
float multiply_add_avx2(int64_t count, float factor, float addend);
float multiply_add_avx512(int64_t count, float factor, float addend);
#endif

#endif

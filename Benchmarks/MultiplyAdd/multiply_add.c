// SPDX-License-Identifier: Apache-2.0
#include "multiply_add.h"

// `chains` registers of `width` Floats, none of which waits for another. To keep two units busy that take four or five
// cycles takes ten chains, four units (arm64) sixteen; two more registers hold the factor and the addend.
#define MULTIPLY_ADD(name, width, chains)                                             \
    float name(int64_t count, float factor, float addend) {                           \
        typedef float lanes __attribute__((ext_vector_type(width)));                  \
        lanes x[chains];                                                              \
        for (int i = 0; i < chains; i++)                                              \
            for (int lane = 0; lane < width; lane++) x[i][lane] = 1 + i * width + lane; \
        for (int64_t done = 0; done < count; done += width * chains)                  \
            for (int i = 0; i < chains; i++) x[i] = x[i] * factor + addend;           \
        float sum = 0;                                                                \
        for (int i = 0; i < chains; i++)                                              \
            for (int lane = 0; lane < width; lane++) sum += x[i][lane];               \
        return sum;                                                                   \
    }

#pragma clang fp contract(on)

#if defined(__x86_64__)
// Without fused multiply-adds: a multiplication and an addition.
MULTIPLY_ADD(multiply_add_baseline, 4, 12)
__attribute__((target("avx2,fma"))) MULTIPLY_ADD(multiply_add_avx2, 8, 12)
__attribute__((target("avx512f"))) MULTIPLY_ADD(multiply_add_avx512, 16, 24)
#else
MULTIPLY_ADD(multiply_add_baseline, 4, 24)
#endif

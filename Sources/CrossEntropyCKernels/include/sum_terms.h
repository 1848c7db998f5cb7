// SPDX-License-Identifier: Apache-2.0
// How Doubles are cut into the terms of a `ReproducibleSum`, one at a time or sixteen.
#ifndef VK_SUM_TERMS_H
#define VK_SUM_TERMS_H

#include "lanes.h"

// A Double, cut at a border of the chunks: upper 2^(32 chunk - 1074) + lower 2^(32 (chunk - 1) - 1074). `upper` is below
// 2^53 in magnitude. `chunk` is 1 to 64, or 128 for infinities and NaN.
typedef struct __attribute__((swift_name("SumTerm"))) {
    int64_t upper;
    uint32_t lower;
    int32_t chunk;
} vk_sum_term;

// Declares `upper`, `lower` and `chunk` of the Doubles with these bits, for integers or for vectors of integers, and
// therefore without comparisons, which give 1 for integers and -1 for vectors. The lowest bit of a significand is
// 2^(position - 1074). An arithmetic shift makes a negative value a negative multiple of 2^32 plus a positive rest.
#define VK_CUT(integers, unsigned_integers, bits)                                                                      \
    integers exponent = bits >> 52 & 0x7ff;                                                                            \
    integers is_normal = (exponent + 0x7ff) >> 11;                                                                     \
    integers is_special = (exponent + 1) >> 11;                                                                        \
    integers magnitude = (bits & 0xfffffffffffff) | is_normal << 52;                                                   \
    integers significand = (magnitude ^ bits >> 63) - (bits >> 63);                                                    \
    integers position = exponent - is_normal;                                                                          \
    integers upper = significand >> (32 - (position & 31));                                                            \
    unsigned_integers lower = (unsigned_integers)significand << (unsigned_integers)(position & 31) & 0xffffffff;       \
    integers chunk = (position >> 5) + 1 + (is_special << 6)

VK_INLINE vk_sum_term vk_cut(double value) {
    int64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    VK_CUT(int64_t, uint64_t, bits);
    return (vk_sum_term){upper, (uint32_t)lower, (int32_t)chunk};
}

// Writes sixteen terms.
VK_INLINE void vk_f64x16_cut(vk_f64x16 values, vk_sum_term *_Nonnull terms) {
    VK_CUT(vk_i64x16, vk_u64x16, VK_BITS(values, vk_i64x16));
    vk_i64x16 rest = VK_BITS(lower, vk_i64x16) | chunk << 32;
    vk_i64x16 first = __builtin_shufflevector(upper, rest, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    vk_i64x16 second =
        __builtin_shufflevector(upper, rest, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    memcpy(terms, &first, sizeof(first));
    memcpy(terms + 8, &second, sizeof(second));
}

#endif

// SPDX-License-Identifier: Apache-2.0
// How Doubles become the terms of a `ReproducibleSum`, one at a time or sixteen.
#ifndef VK_SUM_TERMS_H
#define VK_SUM_TERMS_H

#include "lanes.h"

// A Double as an integer times the unit of a chunk: (high 2^64 + low) 2^(32 chunk - 1074), below 2^84 units. `chunk` is 0
// to 63, or 127 for infinities and NaN.
typedef struct __attribute__((swift_name("SumTerm"))) {
    uint64_t low;
    int32_t high;
    int32_t chunk;
} vk_sum_term;

// Declares `low`, `high` and `chunk` of the Doubles with these bits, for integers or for vectors of integers, and
// therefore without comparisons, which give 1 for integers and -1 for vectors. The lowest bit of a significand is
// 2^(position - 1074).
#define VK_CUT(integers, unsigned_integers, bits)                                                                      \
    integers exponent = bits >> 52 & 0x7ff;                                                                            \
    integers is_normal = (exponent + 0x7ff) >> 11;                                                                     \
    integers is_special = (exponent + 1) >> 11;                                                                        \
    integers magnitude = (bits & 0xfffffffffffff) | is_normal << 52;                                                   \
    integers significand = (magnitude ^ bits >> 63) - (bits >> 63);                                                    \
    integers position = exponent - is_normal;                                                                          \
    integers shift = position & 31;                                                                                    \
    unsigned_integers low = (unsigned_integers)significand << (unsigned_integers)shift;                                \
    integers high = significand >> 1 >> (63 - shift);                                                                  \
    integers chunk = (position >> 5) + (is_special << 6)

VK_INLINE vk_sum_term vk_cut(double value) {
    int64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    VK_CUT(int64_t, uint64_t, bits);
    return (vk_sum_term){low, (int32_t)high, (int32_t)chunk};
}

// Writes sixteen terms.
VK_INLINE void vk_f64x16_cut(vk_f64x16 values, vk_sum_term *_Nonnull terms) {
    VK_CUT(vk_i64x16, vk_u64x16, VK_BITS(values, vk_i64x16));
    vk_i64x16 lower = VK_BITS(low, vk_i64x16);
    vk_i64x16 rest = (high & 0xffffffff) | chunk << 32;
    vk_i64x16 first = __builtin_shufflevector(lower, rest, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    vk_i64x16 second =
        __builtin_shufflevector(lower, rest, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    memcpy(terms, &first, sizeof(first));
    memcpy(terms + 8, &second, sizeof(second));
}

#endif

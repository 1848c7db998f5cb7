// SPDX-License-Identifier: Apache-2.0
// Finds bytes in sixteen at a time, which Swift's vectors cannot: they have no bit mask of a comparison.
#ifndef CSV_BYTES_H
#define CSV_BYTES_H

#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

// Swift imports it as SIMD16<UInt8>.
typedef uint8_t csv_sixteen_bytes __attribute__((ext_vector_type(16)));

// The index of the first of the sixteen bytes at `bytes` that is a delimiter or below 0x23 (a quote, a space or a control
// character), or 16 if there is none. `delimiters` is the delimiter in each byte.
static inline int csv_find_separator(const uint8_t *_Nonnull bytes, csv_sixteen_bytes delimiters) {
#ifdef __SSE2__
    __m128i block = _mm_loadu_si128((const __m128i *)bytes);
    __m128i equal = _mm_cmpeq_epi8(block, (__m128i)delimiters);
    __m128i below = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x22)), block);
    return __builtin_ctz((unsigned)_mm_movemask_epi8(_mm_or_si128(equal, below)) | 0x10000);
#else
    for (int index = 0; index < 16; index++)
        if (bytes[index] == delimiters[0] || bytes[index] < 0x23) return index;
    return 16;
#endif
}

#endif

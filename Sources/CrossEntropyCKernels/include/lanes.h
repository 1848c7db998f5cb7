// SPDX-License-Identifier: Apache-2.0
// Sixteen lanes of Float or Double in memory: how they are loaded, decoded, stored and reduced. Swift's clang importer
// imports the vectors as SIMD16<Float> and SIMD16<Double>. All other arithmetic of lanes is in CrossEntropyVectorMath
// (`SixteenLanes`).
#ifndef VK_LANES_16_H
#define VK_LANES_16_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Everything here is inlined: no vector is passed in a call, whose calling convention would depend on the level.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

#define VK_INLINE static inline __attribute__((always_inline))
#define VK_LANES 16
// A cast between vectors of the same size reinterprets the bits.
#define VK_BITS(a, type) ((type)(a))

typedef float vk_f32x16 __attribute__((ext_vector_type(VK_LANES)));
typedef double vk_f64x16 __attribute__((ext_vector_type(VK_LANES)));
typedef int32_t vk_i32x16 __attribute__((ext_vector_type(VK_LANES)));
typedef int64_t vk_i64x16 __attribute__((ext_vector_type(VK_LANES)));
typedef uint32_t vk_u32x16 __attribute__((ext_vector_type(VK_LANES)));
typedef uint64_t vk_u64x16 __attribute__((ext_vector_type(VK_LANES)));
typedef uint16_t vk_u16x16 __attribute__((ext_vector_type(VK_LANES)));
typedef int16_t vk_i16x16 __attribute__((ext_vector_type(VK_LANES)));
typedef _Bool vk_b1x16 __attribute__((ext_vector_type(VK_LANES)));
typedef uint8_t vk_u8x16 __attribute__((ext_vector_type(VK_LANES)));
typedef int8_t vk_i8x16 __attribute__((ext_vector_type(VK_LANES)));
typedef uint8_t vk_u8x64 __attribute__((ext_vector_type(64)));
typedef uint16_t vk_u16x64 __attribute__((ext_vector_type(64)));
typedef double vk_f64x8 __attribute__((ext_vector_type(8)));
typedef double vk_f64x4 __attribute__((ext_vector_type(4)));
typedef double vk_f64x2 __attribute__((ext_vector_type(2)));

// Loads sixteen elements from an address of any alignment, or the first `count` < 16 of them followed by zeros, which
// handles a tail without a scalar loop. `decode` converts stored elements to lanes.
#define VK_LOADS(lanes, name, storage, decode)                                                                         \
    VK_INLINE lanes lanes##_load_##name(const void *_Nonnull p) {                                                      \
        storage v;                                                                                                     \
        memcpy(&v, p, sizeof(v));                                                                                      \
        return __builtin_convertvector(decode(v), lanes);                                                              \
    }                                                                                                                  \
    VK_INLINE lanes lanes##_load_prefix_##name(const void *_Nonnull p, ptrdiff_t count) {                              \
        storage v = 0;                                                                                                 \
        memcpy(&v, p, ((size_t)count * sizeof(v) + VK_LANES - 1) / VK_LANES);                                          \
        return __builtin_convertvector(decode(v), lanes);                                                              \
    }

#define VK_AS_IT_IS(v) (v)

// One bit per lane, lowest bit first, as Arrow packs Booleans.
VK_INLINE vk_u8x16 vk_decode_bits(uint16_t bits) {
    vk_b1x16 lanes;
    memcpy(&lanes, &bits, sizeof(bits));
    return __builtin_convertvector(lanes, vk_u8x16);
}

// `count` <= 16 bits, starting at bit `first` of the first byte; the other bits are 0. Reads only bytes that contain
// one of these bits.
VK_INLINE uint16_t vk_load_bits(const void *_Nonnull p, ptrdiff_t first, ptrdiff_t count) {
    const uint8_t *bytes = (const uint8_t *)p;
    ptrdiff_t end = first + count;
    uint32_t all = bytes[0];
    if (end > 8) all |= (uint32_t)bytes[1] << 8;
    if (end > 16) all |= (uint32_t)bytes[2] << 16;
    return (uint16_t)(all >> first & ((1u << count) - 1));
}
VK_INLINE vk_f32x16 vk_f32x16_from_bits(uint16_t bits) { return __builtin_convertvector(vk_decode_bits(bits), vk_f32x16); }
VK_INLINE vk_f64x16 vk_f64x16_from_bits(uint16_t bits) { return __builtin_convertvector(vk_decode_bits(bits), vk_f64x16); }
VK_INLINE vk_u8x16 vk_load_bytes(const void *_Nonnull p) {
    vk_u8x16 bytes;
    memcpy(&bytes, p, sizeof(bytes));
    return bytes;
}
// Not by memcpy: LLVM would merge it with that of `vk_load_bytes` where a caller chooses between the two, and make both a
// call.
VK_INLINE vk_u8x16 vk_load_prefix_bytes(const void *_Nonnull p, ptrdiff_t count) {
    vk_u8x16 bytes = 0;
    for (ptrdiff_t i = 0; i < count; i++) bytes[i] = ((const volatile uint8_t *)p)[i];
    return bytes;
}
// How many of the bytes are not 0.
VK_INLINE ptrdiff_t vk_count_not_zero(const uint8_t *_Nonnull bytes, ptrdiff_t count) {
    ptrdiff_t counted = 0, i = 0;
    while (count - i >= 64) {
        // A lane counts up to 255.
        ptrdiff_t end = i + ((count - i) / 64 < 255 ? (count - i) / 64 : 255) * 64;
        vk_u8x64 sums = 0;
        for (; i < end; i += 64) {
            vk_u8x64 block;
            memcpy(&block, bytes + i, sizeof(block));
            sums -= (vk_u8x64)(block != 0);
        }
        counted += __builtin_reduce_add(__builtin_convertvector(sums, vk_u16x64));
    }
    for (; i < count; i++) counted += bytes[i] != 0;
    return counted;
}
// Stores sixteen bytes, each 0 or 1.
VK_INLINE void vk_store_bits(uint16_t bits, void *_Nonnull p) {
    vk_u8x16 bytes = vk_decode_bits(bits);
    memcpy(p, &bytes, sizeof(bytes));
}

// Stores all lanes, or the first `bytes` of them, at an address of any alignment.
#define VK_STORES(lanes)                                                                                               \
    VK_INLINE void lanes##_store(lanes a, void *_Nonnull p) { memcpy(p, &a, sizeof(a)); }                              \
    VK_INLINE void lanes##_store_prefix(lanes a, void *_Nonnull p, ptrdiff_t bytes) { memcpy(p, &a, (size_t)bytes); }

VK_STORES(vk_f32x16)
VK_STORES(vk_f64x16)
VK_LOADS(vk_f32x16, f32, vk_f32x16, VK_AS_IT_IS)
VK_LOADS(vk_f32x16, f64, vk_f64x16, VK_AS_IT_IS)
VK_LOADS(vk_f32x16, u8, vk_u8x16, VK_AS_IT_IS)
VK_LOADS(vk_f32x16, bits, uint16_t, vk_decode_bits)
VK_LOADS(vk_f64x16, f32, vk_f32x16, VK_AS_IT_IS)
VK_LOADS(vk_f64x16, f64, vk_f64x16, VK_AS_IT_IS)
VK_LOADS(vk_f64x16, u8, vk_u8x16, VK_AS_IT_IS)
VK_LOADS(vk_f64x16, bits, uint16_t, vk_decode_bits)

// Stores numbers of up to 2^31 as integers.
VK_INLINE void vk_f64x16_store_integers(vk_f64x16 a, int32_t *_Nonnull p) {
    vk_i32x16 integers = __builtin_convertvector(a, vk_i32x16);
    memcpy(p, &integers, sizeof(integers));
}
// Adds two numbers to two others in memory.
VK_INLINE void vk_add_pair(double *_Nonnull place, double a, double b) {
    vk_f64x2 pair;
    memcpy(&pair, place, sizeof(pair));
    pair += (vk_f64x2){a, b};
    memcpy(place, &pair, sizeof(pair));
}

// 0, 1, ... 15: tells which lanes of a tail are valid.
VK_INLINE vk_f32x16 vk_f32x16_indices(void) {
    return (vk_f32x16){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
}
VK_INLINE vk_f64x16 vk_f64x16_indices(void) { return __builtin_convertvector(vk_f32x16_indices(), vk_f64x16); }

// A fixed reduction tree: the order of a sum does not depend on the level.
#define VK_REDUCTION(name, joined)                                                                                     \
    VK_INLINE double vk_f64x16_##name(vk_f64x16 a) {                                                                   \
        _Pragma("clang fp contract(fast)") vk_f64x8 b = joined(a.lo, a.hi);                                            \
        vk_f64x4 c = joined(b.lo, b.hi);                                                                               \
        vk_f64x2 d = joined(c.lo, c.hi);                                                                               \
        return joined(d.x, d.y);                                                                                       \
    }
#define VK_PLUS(a, b) ((a) + (b))
#define VK_TIMES(a, b) ((a) * (b))
// (1 + a)(1 + b) - 1, with a fused multiply-add where the level has one
#define VK_TIMES_LESS_ONE(a, b) ((a) + ((a) * (b) + (b)))

VK_REDUCTION(sum, VK_PLUS)
VK_REDUCTION(product, VK_TIMES)
VK_REDUCTION(product_less_one, VK_TIMES_LESS_ONE)

// A running product of halves: it takes half the registers of a running product of sixteen lanes, for the same number
// of multiplications. SSE2 and AVX2 have sixteen registers.
VK_INLINE vk_f64x8 vk_f64x8_ones(void) { return (vk_f64x8)(1); }
VK_INLINE vk_f64x8 vk_f64x8_times_halves(vk_f64x8 a, vk_f64x16 b) { return a * (b.lo * b.hi); }
VK_INLINE vk_f64x16 vk_f64x8_beside(vk_f64x8 a, vk_f64x8 b) {
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

// Never faults, whatever the address.
VK_INLINE void vk_prefetch(const void *_Nonnull p) { __builtin_prefetch(p); }

// The same address, which the compiler takes for another one: it does not keep what was loaded from the first in registers
// until it is used again, but loads it from the second.
VK_INLINE const void *_Nonnull vk_same_address(const void *_Nonnull p) {
    __asm__("" : "+r"(p));
    return p;
}

#pragma clang diagnostic pop
#endif

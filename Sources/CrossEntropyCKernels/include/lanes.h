// SPDX-License-Identifier: Apache-2.0
// One-line operations on sixteen lanes, for Float and for Double, which Swift's clang importer imports as operations on
// SIMD16<Float> and SIMD16<Double>.
//
// Why C: the standard library's SIMD operations leave SIL as one operation per lane, and LLVM does not always rebuild
// the vector (Swift 6.3: a kernel that compares and selects became three times slower). These arrive as vector
// instructions.
//
// Why `a * b + c` and not fma(): under `fp contract(fast)`, one body becomes a fused instruction where the target has
// one and two instructions elsewhere; fma() would become a call to libm there.
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

// A comparison `c` of two vectors is an integer vector of 0 and -1; `c ? x : y` is a select.
#define VK_ARITHMETIC(lanes, scalar, bits, ubits, mantissa_bits)                                                       \
    VK_INLINE lanes lanes##_repeat(scalar a) { return (lanes)(a); }                                                    \
    VK_INLINE lanes lanes##_add(lanes a, lanes b) { return a + b; }                                                    \
    VK_INLINE lanes lanes##_sub(lanes a, lanes b) { return a - b; }                                                    \
    VK_INLINE lanes lanes##_mul(lanes a, lanes b) { return a * b; }                                                    \
    VK_INLINE lanes lanes##_div(lanes a, lanes b) { return a / b; }                                                    \
    VK_INLINE lanes lanes##_madd(lanes a, lanes b, lanes c) {                                                          \
        _Pragma("clang fp contract(fast)") return a * b + c;                                                           \
    }                                                                                                                  \
    VK_INLINE lanes lanes##_root(lanes a) { return __builtin_elementwise_sqrt(a); }                                    \
    VK_INLINE lanes lanes##_abs(lanes a) { return __builtin_elementwise_abs(a); }                                      \
    /* Bounds that keep a NaN in `a` (the other way round would drop it). */                                           \
    VK_INLINE lanes lanes##_at_most(lanes a, lanes b) { return a > b ? b : a; }                                        \
    VK_INLINE lanes lanes##_at_least(lanes a, lanes b) { return a < b ? b : a; }                                       \
    VK_INLINE lanes lanes##_select_gt(lanes a, lanes b, lanes x, lanes y) { return a > b ? x : y; }                    \
    VK_INLINE lanes lanes##_select_ge(lanes a, lanes b, lanes x, lanes y) { return a >= b ? x : y; }                   \
    VK_INLINE lanes lanes##_select_eq(lanes a, lanes b, lanes x, lanes y) { return a == b ? x : y; }                   \
    VK_INLINE _Bool lanes##_all_ge(lanes a, lanes b) { return __builtin_reduce_and(a >= b) != 0; }                     \
    /* All bits of a lane set, or none. */                                                                              \
    VK_INLINE lanes lanes##_bits_if(_Bool set) { return VK_BITS((bits)(set ? -1 : 0), lanes); }                 \
    /* x where the bits of m are set, else y. */                                                                       \
    VK_INLINE lanes lanes##_if_set(lanes m, lanes x, lanes y) { return VK_BITS(m, bits) < 0 ? x : y; }                 \
    /* The bits of lanes whose byte is not 0. */                                                                        \
    VK_INLINE lanes lanes##_not_zero(vk_u8x16 bytes) {                                                                 \
        return VK_BITS(__builtin_convertvector((vk_i8x16)(bytes != 0), bits), lanes);                                  \
    }                                                                                                                  \
    /* The bits of lanes that differ from `missing` and, where `numbers` has bits, are not NaN. */                      \
    VK_INLINE lanes lanes##_not_missing(lanes t, lanes missing, lanes numbers) {                                       \
        bits number = VK_BITS(VK_BITS(t, bits) & VK_BITS(numbers, bits), lanes) ==                                      \
                      VK_BITS(VK_BITS(t, bits) & VK_BITS(numbers, bits), lanes);                                       \
        return VK_BITS((t != missing) & number, lanes);                                                                \
    }                                                                                                                  \
    VK_INLINE lanes lanes##_or(lanes a, lanes b) { return VK_BITS(                                            \
        VK_BITS(a, bits) | VK_BITS(b, bits), lanes); }                                               \
    VK_INLINE lanes lanes##_xor(lanes a, lanes b) { return VK_BITS(                                           \
        VK_BITS(a, bits) ^ VK_BITS(b, bits), lanes); }                                               \
    VK_INLINE lanes lanes##_and(lanes a, lanes b) { return VK_BITS(                                           \
        VK_BITS(a, bits) & VK_BITS(b, bits), lanes); }                                               \
    VK_INLINE uint64_t lanes##_union_of_bits(lanes a) {                                                                \
        return __builtin_reduce_or(VK_BITS(a, ubits));                                                                 \
    }                                                                                                                  \
    VK_INLINE lanes lanes##_add_bits(lanes a, lanes b) { return VK_BITS(                                      \
        VK_BITS(a, ubits) + VK_BITS(b, ubits), lanes); }                                             \
    /* The bit pattern that is larger as a number without a sign. */                                                   \
    VK_INLINE lanes lanes##_larger_bits(lanes a, lanes b) {                                                            \
        return VK_BITS(__builtin_elementwise_max(VK_BITS(a, ubits), VK_BITS(b, ubits)), lanes);                        \
    }                                                                                                                  \
    /* The bit pattern moved so that its low bits become, or stop being, the exponent field. */                        \
    VK_INLINE lanes lanes##_to_exponent(lanes a) {                                                                     \
        return VK_BITS(VK_BITS(a, ubits) << mantissa_bits, lanes);                                   \
    }                                                                                                                  \
    VK_INLINE lanes lanes##_from_exponent(lanes a) {                                                                   \
        return VK_BITS(VK_BITS(a, ubits) >> mantissa_bits, lanes);                                   \
    }                                                                                                                  \
    VK_INLINE lanes lanes##_double_bits(lanes a) { return VK_BITS(VK_BITS(a, ubits) << 1, lanes); }                    \
    VK_INLINE lanes lanes##_sign_to_lowest(lanes a) {                                                                  \
        return VK_BITS(VK_BITS(a, ubits) >> (sizeof(scalar) * 8 - 1), lanes);                                          \
    }                                                                                                                  \
    VK_INLINE void lanes##_store(lanes a, void *_Nonnull p) { memcpy(p, &a, sizeof(a)); }                              \
    VK_INLINE void lanes##_store_prefix(lanes a, void *_Nonnull p, ptrdiff_t bytes) { memcpy(p, &a, (size_t)bytes); }

VK_ARITHMETIC(vk_f32x16, float, vk_i32x16, vk_u32x16, 23)
VK_ARITHMETIC(vk_f64x16, double, vk_i64x16, vk_u64x16, 52)
VK_LOADS(vk_f32x16, f32, vk_f32x16, VK_AS_IT_IS)
VK_LOADS(vk_f32x16, f64, vk_f64x16, VK_AS_IT_IS)
VK_LOADS(vk_f32x16, u8, vk_u8x16, VK_AS_IT_IS)
VK_LOADS(vk_f32x16, bits, uint16_t, vk_decode_bits)
VK_LOADS(vk_f64x16, f32, vk_f32x16, VK_AS_IT_IS)
VK_LOADS(vk_f64x16, f64, vk_f64x16, VK_AS_IT_IS)
VK_LOADS(vk_f64x16, u8, vk_u8x16, VK_AS_IT_IS)
VK_LOADS(vk_f64x16, bits, uint16_t, vk_decode_bits)

VK_INLINE vk_f64x16 vk_f32x16_widen(vk_f32x16 a) { return __builtin_convertvector(a, vk_f64x16); }
VK_INLINE vk_f32x16 vk_f64x16_narrow(vk_f64x16 a) { return __builtin_convertvector(a, vk_f32x16); }

// The exponent and the eleven highest bits of the significand of a number that is not negative, as an integer in the
// lowest bits.
VK_INLINE vk_f64x16 vk_f64x16_leading_bits(vk_f64x16 a) { return VK_BITS(VK_BITS(a, vk_u64x16) >> 41, vk_f64x16); }
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
VK_INLINE vk_f64x16 vk_f64x16_indices(void) { return vk_f32x16_widen(vk_f32x16_indices()); }

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
// (1 + a)(1 + b) - 1
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

#pragma clang diagnostic pop
#endif

// SPDX-License-Identifier: Apache-2.0
// How elements are stored in memory, and how sixteen elements of any type are converted to lanes.
#ifndef VK_ELEMENTS_H
#define VK_ELEMENTS_H

#include "lanes.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

#define VK_NAMED(name) __attribute__((swift_name(name)))

// How an element is stored. A half is IEEE, a bfloat16 the upper half of a float. A byte or a bit is 0 or 1, and bits
// are packed eight to a byte, lowest bit first (Arrow).
typedef enum __attribute__((enum_extensibility(closed))) VK_NAMED("DType") : uint8_t {
    VK_FLOAT VK_NAMED("float"),
    VK_DOUBLE VK_NAMED("double"),
    VK_HALF VK_NAMED("half"),
    VK_BFLOAT16 VK_NAMED("bfloat16"),
    VK_BIT VK_NAMED("bit"),
    VK_BYTE VK_NAMED("byte"),
    VK_INT8 VK_NAMED("int8"),
    VK_UINT16 VK_NAMED("uint16"),
    VK_INT16 VK_NAMED("int16"),
    VK_UINT32 VK_NAMED("uint32"),
    VK_INT32 VK_NAMED("int32"),
    VK_UINT64 VK_NAMED("uint64"),
    VK_INT64 VK_NAMED("int64"),
} vk_dtype;

// Decodes IEEE half precision with integer and Float instructions, the same at every level (F16C is not part of any
// level, and without it a conversion is one call per lane). The exponent field is widened from 5 bits to 8; the factor
// 2^(127 - 15) corrects the bias and gives subnormal numbers their value; infinity and NaN get an exponent of all ones.
VK_INLINE vk_f32x16 vk_decode_half(vk_u16x16 h) {
    vk_u32x16 w = __builtin_convertvector(h, vk_u32x16);
    vk_u32x16 body = VK_BITS(VK_BITS((w & 0x7fff) << 13, vk_f32x16) * 0x1p112f, vk_u32x16);
    vk_u32x16 special = VK_BITS((w & 0x7c00) == 0x7c00, vk_u32x16) & 0x7f800000;
    return VK_BITS(body | special | (w & 0x8000) << 16, vk_f32x16);
}

// LLVM reduces this to scalar instructions.
VK_INLINE float vk_half_value(uint16_t half) { return vk_decode_half((vk_u16x16)(half)).x; }

// A bfloat16 is the upper half of a Float.
VK_INLINE vk_f32x16 vk_decode_bfloat16(vk_u16x16 b) {
    return VK_BITS(__builtin_convertvector(b, vk_u32x16) << 16, vk_f32x16);
}

// The loop is not unrolled: with unrolling, the loops of all types take twice as much code and are no faster.
#define VK_CONVERT_VECTORS(storage, decode, lanes)                                                                     \
    _Pragma("clang loop unroll(disable)") for (size_t i = 0; i < vectors; i++) {                                       \
        storage v;                                                                                                     \
        memcpy(&v, source + i * sizeof(v), sizeof(v));                                                                 \
        lanes numbers = __builtin_convertvector(decode(v), lanes);                                                     \
        memcpy(place + i * sizeof(numbers), &numbers, sizeof(numbers));                                                \
    }                                                                                                                  \
    break

// Converts `count` elements of `size` bytes (of any type except bits) to the type of the lanes. If the last vector
// is not full, it is copied, converted in the copy and copied back: nothing beyond the last element is read or written,
// and each type has one loop.
#define VK_CONVERT(lanes, scalar)                                                                                      \
    VK_INLINE void lanes##_convert(                                                                                    \
        vk_dtype type, size_t size, const void *_Nonnull from, void *_Nonnull to, size_t count                         \
    ) {                                                                                                                \
        unsigned char room[VK_LANES * sizeof(double)];                                                                 \
        const unsigned char *source = (const unsigned char *)from;                                                     \
        unsigned char *place = (unsigned char *)to;                                                                    \
        size_t rest = count % VK_LANES, whole = count - rest;                                                          \
        for (size_t vectors = count / VK_LANES;; vectors = 1) {                                                        \
            switch (type) {                                                                                            \
            case VK_FLOAT: VK_CONVERT_VECTORS(vk_f32x16, VK_AS_IT_IS, lanes);                                          \
            case VK_DOUBLE: VK_CONVERT_VECTORS(vk_f64x16, VK_AS_IT_IS, lanes);                                         \
            case VK_HALF: VK_CONVERT_VECTORS(vk_u16x16, vk_decode_half, lanes);                                        \
            case VK_BFLOAT16: VK_CONVERT_VECTORS(vk_u16x16, vk_decode_bfloat16, lanes);                                \
            case VK_BIT: return;                                                                                       \
            case VK_BYTE: VK_CONVERT_VECTORS(vk_u8x16, VK_AS_IT_IS, lanes);                                            \
            case VK_INT8: VK_CONVERT_VECTORS(vk_i8x16, VK_AS_IT_IS, lanes);                                            \
            case VK_UINT16: VK_CONVERT_VECTORS(vk_u16x16, VK_AS_IT_IS, lanes);                                         \
            case VK_INT16: VK_CONVERT_VECTORS(vk_i16x16, VK_AS_IT_IS, lanes);                                          \
            case VK_UINT32: VK_CONVERT_VECTORS(vk_u32x16, VK_AS_IT_IS, lanes);                                         \
            case VK_INT32: VK_CONVERT_VECTORS(vk_i32x16, VK_AS_IT_IS, lanes);                                          \
            case VK_UINT64: VK_CONVERT_VECTORS(vk_u64x16, VK_AS_IT_IS, lanes);                                         \
            case VK_INT64: VK_CONVERT_VECTORS(vk_i64x16, VK_AS_IT_IS, lanes);                                          \
            }                                                                                                          \
            if (rest == 0) return;                                                                                     \
            if (place == room) break;                                                                                  \
            memset(room, 0, sizeof(room));                                                                             \
            memcpy(room, (const unsigned char *)from + whole * size, rest * size);                                     \
            source = place = room;                                                                                     \
        }                                                                                                              \
        memcpy((scalar *)to + whole, room, rest * sizeof(scalar));                                                     \
    }

VK_CONVERT(vk_f32x16, float)
VK_CONVERT(vk_f64x16, double)

#pragma clang diagnostic pop
#endif

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// One bit, packed lowest bit first within a byte (Arrow).
@frozen
public enum PackedBit: Storage {
    @export(implementation) @inline(always) public static var bits: Int { 1 }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f32x16 {
        vk_f32x16_load_bits(base + index &>> 3)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f64x16 {
        vk_f64x16_load_bits(base + index &>> 3)
    }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f32x16 {
        vk_f32x16_load_prefix_bits(base + index &>> 3, count)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f64x16 {
        vk_f64x16_load_prefix_bits(base + index &>> 3, count)
    }
}

/// IEEE half precision.
@frozen
public enum Half: Storage {
    @export(implementation) @inline(always) public static var bits: Int { 16 }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f32x16 {
        vk_f32x16_load_f16(base + index &* 2)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f64x16 {
        vk_f64x16_load_f16(base + index &* 2)
    }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f32x16 {
        vk_f32x16_load_prefix_f16(base + index &* 2, count)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f64x16 {
        vk_f64x16_load_prefix_f16(base + index &* 2, count)
    }
}

@frozen
public enum BFloat16: Storage {
    @export(implementation) @inline(always) public static var bits: Int { 16 }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f32x16 {
        vk_f32x16_load_bf16(base + index &* 2)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f64x16 {
        vk_f64x16_load_bf16(base + index &* 2)
    }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f32x16 {
        vk_f32x16_load_prefix_bf16(base + index &* 2, count)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f64x16 {
        vk_f64x16_load_prefix_bf16(base + index &* 2, count)
    }
}

/// 64-bit integers.
extension Int: Storage {
    @export(implementation) @inline(always) public static var bits: Int { 64 }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f32x16 {
        vk_f32x16_load_i64(base + index &* 8)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f64x16 {
        vk_f64x16_load_i64(base + index &* 8)
    }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f32x16 {
        vk_f32x16_load_prefix_i64(base + index &* 8, count)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f64x16 {
        vk_f64x16_load_prefix_i64(base + index &* 8, count)
    }
}

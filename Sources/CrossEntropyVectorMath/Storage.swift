// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// How an element is stored in memory, and how sixteen of them are loaded into lanes without an expanded copy. `base`
/// is the address of the first element; for packed bits, `index` is a multiple of 16.
public protocol Storage {
    static var bits: Int { get }
    static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f32x16
    static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f64x16
    /// The first `count` < 16 elements, followed by zeros.
    static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f32x16
    static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f64x16
}

extension Float: Storage {
    @export(implementation) @inline(always) public static var bits: Int { 32 }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f32x16 {
        vk_f32x16_load_f32(base + index &* 4)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f64x16 {
        vk_f64x16_load_f32(base + index &* 4)
    }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f32x16 {
        vk_f32x16_load_prefix_f32(base + index &* 4, count)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f64x16 {
        vk_f64x16_load_prefix_f32(base + index &* 4, count)
    }
}

extension Double: Storage {
    @export(implementation) @inline(always) public static var bits: Int { 64 }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f32x16 {
        vk_f32x16_load_f64(base + index &* 8)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f64x16 {
        vk_f64x16_load_f64(base + index &* 8)
    }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f32x16 {
        vk_f32x16_load_prefix_f64(base + index &* 8, count)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f64x16 {
        vk_f64x16_load_prefix_f64(base + index &* 8, count)
    }
}

/// A byte that is 0 or 1, as Bool is stored.
extension UInt8: Storage {
    @export(implementation) @inline(always) public static var bits: Int { 8 }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f32x16 {
        vk_f32x16_load_u8(base + index)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int) -> vk_f64x16 {
        vk_f64x16_load_u8(base + index)
    }
    @export(implementation) @inline(always)
    public static func loadF32x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f32x16 {
        vk_f32x16_load_prefix_u8(base + index, count)
    }
    @export(implementation) @inline(always)
    public static func loadF64x16(_ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> vk_f64x16 {
        vk_f64x16_load_prefix_u8(base + index, count)
    }
}

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

public import CVectorKernels

/// An element as it lies in memory, which lanes read without an expanded copy: predictions, and targets that may be
/// of the predictions' type or bytes (0 or 1, as Bool is stored).
public protocol Storage: BitwiseCopyable {
    static func loadF32x16(_ p: UnsafePointer<Self>) -> vk_f32x16
    static func loadF64x16(_ p: UnsafePointer<Self>) -> vk_f64x16
    static func loadF32x16(_ p: UnsafePointer<Self>, prefix count: Int) -> vk_f32x16
    static func loadF64x16(_ p: UnsafePointer<Self>, prefix count: Int) -> vk_f64x16
}

extension Float: Storage {
    @inlinable @inline(always)
    public static func loadF32x16(_ p: UnsafePointer<Float>) -> vk_f32x16 { vk_f32x16_load_f32(p) }
    @inlinable @inline(always)
    public static func loadF64x16(_ p: UnsafePointer<Float>) -> vk_f64x16 { vk_f64x16_load_f32(p) }
    @inlinable @inline(always)
    public static func loadF32x16(_ p: UnsafePointer<Float>, prefix count: Int) -> vk_f32x16 {
        vk_f32x16_load_prefix_f32(p, count * 4)
    }
    @inlinable @inline(always)
    public static func loadF64x16(_ p: UnsafePointer<Float>, prefix count: Int) -> vk_f64x16 {
        vk_f64x16_load_prefix_f32(p, count * 4)
    }
}

extension Double: Storage {
    @inlinable @inline(always)
    public static func loadF32x16(_ p: UnsafePointer<Double>) -> vk_f32x16 { vk_f32x16_load_f64(p) }
    @inlinable @inline(always)
    public static func loadF64x16(_ p: UnsafePointer<Double>) -> vk_f64x16 { vk_f64x16_load_f64(p) }
    @inlinable @inline(always)
    public static func loadF32x16(_ p: UnsafePointer<Double>, prefix count: Int) -> vk_f32x16 {
        vk_f32x16_load_prefix_f64(p, count * 8)
    }
    @inlinable @inline(always)
    public static func loadF64x16(_ p: UnsafePointer<Double>, prefix count: Int) -> vk_f64x16 {
        vk_f64x16_load_prefix_f64(p, count * 8)
    }
}

extension UInt8: Storage {
    @inlinable @inline(always)
    public static func loadF32x16(_ p: UnsafePointer<UInt8>) -> vk_f32x16 { vk_f32x16_load_u8(p) }
    @inlinable @inline(always)
    public static func loadF64x16(_ p: UnsafePointer<UInt8>) -> vk_f64x16 { vk_f64x16_load_u8(p) }
    @inlinable @inline(always)
    public static func loadF32x16(_ p: UnsafePointer<UInt8>, prefix count: Int) -> vk_f32x16 {
        vk_f32x16_load_prefix_u8(p, count)
    }
    @inlinable @inline(always)
    public static func loadF64x16(_ p: UnsafePointer<UInt8>, prefix count: Int) -> vk_f64x16 {
        vk_f64x16_load_prefix_u8(p, count)
    }
}

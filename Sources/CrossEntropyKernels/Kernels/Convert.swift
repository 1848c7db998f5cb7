// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Converts elements to Floats, Doubles or bytes. Bits may start anywhere in a byte, and only bits are converted to
/// bytes.
@c @implementation
func vk_convert(_ a: UnsafeMutablePointer<vk_convert_args>) {
    switch a.pointee.to_type {
    case .float: convert(a, to: Float.self)
    case .double: convert(a, to: Double.self)
    default: spreadBits(a)
    }
}

@inline(always)
private func convert<T: LaneScalar>(_ a: UnsafeMutablePointer<vk_convert_args>, to: T.Type) {
    let base = a.pointee.from.base
    switch a.pointee.from.dtype {
    case .float: copy(a, to: T.self) { T.Lanes.loaded(Float.self, base, $0, $1) }
    case .double: copy(a, to: T.self) { T.Lanes.loaded(Double.self, base, $0, $1) }
    case .half: copy(a, to: T.self) { T.Lanes.loaded(Half.self, base, $0, $1) }
    case .bfloat16: copy(a, to: T.self) { T.Lanes.loaded(BFloat16.self, base, $0, $1) }
    case .integer: copy(a, to: T.self) { T.Lanes.loaded(Int.self, base, $0, $1) }
    case .byte: copy(a, to: T.self) { T.Lanes.loaded(UInt8.self, base, $0, $1) }
    case .bit:
        let first = Int(a.pointee.from.bit)
        copy(a, to: T.self) { T.Lanes(bits: vk_load_bits(base + $0 &>> 3, first, $1)) }
    }
}

@inline(always)
private func copy<T: LaneScalar>(
    _ a: UnsafeMutablePointer<vk_convert_args>, to: T.Type, _ load: (Int, Int) -> T.Lanes
) {
    var index = 0
    while index < a.pointee.count {
        let count = min(16, a.pointee.count &- index)
        load(index, count).store(a.pointee.to, index, count: count)
        index &+= 16
    }
}

@inline(always)
private func spreadBits(_ a: UnsafeMutablePointer<vk_convert_args>) {
    let first = Int(a.pointee.from.bit)
    let bytes = a.pointee.to.assumingMemoryBound(to: UInt8.self)
    var index = 0
    while index < a.pointee.count {
        let count = min(16, a.pointee.count &- index)
        // Writes up to fifteen zeros past the last element; the room has space for them.
        vk_store_bits(vk_load_bits(a.pointee.from.base + index &>> 3, first, count), bytes + index)
        index &+= 16
    }
}

extension Lanes {
    /// The first `count` elements from `index` on, followed by zeros.
    @inline(always)
    fileprivate static func loaded<S: Storage>(
        _: S.Type, _ base: UnsafeRawPointer, _ index: Int, _ count: Int
    ) -> Self {
        Elements<S>(base).load(index, count: count, as: Self.self)
    }
}

extension vk_convert_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_convert_at(level.instructionSet, &self) }
}

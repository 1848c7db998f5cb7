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
    let from = a.pointee.from
    guard from.dtype == .bit else {
        return T.Lanes.convert(
            from.dtype, size: from.dtype.bits / 8, from.base, to: a.pointee.to, count: a.pointee.count)
    }
    var index = 0
    while index < a.pointee.count {
        let count = min(16, a.pointee.count &- index)
        T.Lanes(bits: vk_load_bits(from.base + index &>> 3, Int(from.bit), count))
            .store(a.pointee.to, index, count: count)
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

extension vk_convert_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_convert_at(level.instructionSet, &self) }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The product of an element's own weight, the weight of its row and the weight of its column.
@c @implementation
func vk_multiply_weights(_ a: UnsafeMutablePointer<vk_multiply_weights_args>) {
    a.pointee.is_double ? multiply(a, Double.self) : multiply(a, Float.self)
}

@inline(always)
private func multiply<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_multiply_weights_args>, _: S.Type) {
    typealias L = F64x16
    // A nonzero product outside these limits is infinite or 0 in the lanes' type, where it would not be noticed.
    let (least, greatest) = (L(repeating: 0x1p-126), L(repeating: 0x1p127))
    let areDouble = a.pointee.are_double
    var index = 0
    while index < a.pointee.count {
        let count = min(L.count, a.pointee.count &- index)
        var product = load(a.pointee.first, areDouble, index, count)
        if let second = a.pointee.second { product = product * load(second, areDouble, index, count) }
        if let third = a.pointee.third { product = product * load(third, areDouble, index, count) }
        if S.self == Float.self {
            let size = product.magnitude
            let isInside = size.ifAtLeast(least, greatest.ifAtLeast(size, L.one, L.zero), L.zero)
            product = isInside.ifEqual(L.one, product, size.ifEqual(L.zero, product, L(repeating: .nan)))
        }
        S.Lanes(rounding: product).store(a.pointee.product, index, count: count)
        index &+= L.count
    }
}

@inline(always)
private func load(_ weights: UnsafeRawPointer, _ areDouble: Bool, _ index: Int, _ count: Int) -> F64x16 {
    areDouble
        ? Elements<Double>(weights).load(index, count: count, as: F64x16.self)
        : Elements<Float>(weights).load(index, count: count, as: F64x16.self)
}

extension vk_multiply_weights_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_multiply_weights_at(level.instructionSet, &self) }
}

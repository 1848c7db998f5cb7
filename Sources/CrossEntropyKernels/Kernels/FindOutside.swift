// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Whether any number is not in [lower, upper]. NaN is not; infinite bounds accept every number except NaN.
@c @implementation
func vk_find_outside(_ a: UnsafeMutablePointer<vk_find_outside_args>) {
    a.pointee.is_double ? findOutside(a, Double.self) : findOutside(a, Float.self)
}

@inline(always)
private func findOutside<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_find_outside_args>, _: S.Type) {
    typealias L = S.Lanes
    let numbers = Elements<S>(a.pointee.numbers)
    // The bounds are Floats if the numbers are: 0, 1 and infinity.
    let (low, high) = (L(repeating: S(a.pointee.lower)), L(repeating: S(a.pointee.upper)))
    a.pointee.found = false
    var index = 0
    while index < a.pointee.count {
        // In the usual case, where weights are not all one, looking at a few of them is enough.
        let end = min(a.pointee.count, index &+ 8 &* L.count)
        var outside = L.zero
        while index < end {
            let count = min(L.count, end &- index)
            let number = numbers.load(index, count: count, as: L.self)
            let isOutside = number.ifAtLeast(low, high.ifAtLeast(number, L.zero, L.one), L.one)
            outside = outside + (count == L.count ? isOutside : isOutside.inPrefix(count, else: L.zero))
            index &+= L.count
        }
        if outside.widened.sum != 0 {
            a.pointee.found = true
            return
        }
    }
}

extension vk_find_outside_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_find_outside_at(level.instructionSet, &self) }
}

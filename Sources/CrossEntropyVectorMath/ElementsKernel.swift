// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// A kernel that computes the loss of each element, and perhaps other outputs, in any lanes.
public protocol ElementsKernel {
    /// Whether Doubles have loops in wide lanes too. These take 60 KB of code, and save a fifth of the time.
    static var hasWideDoubles: Bool { get }
    /// If there are more than sixteen lanes, their number divides that of the elements, and no weight is a product.
    static func run<L: Lanes>(_ a: inout vk_elements_args, in _: L.Type)
}

extension ElementsKernel {
    @export(implementation) @inline(always)
    public static func run(_ a: UnsafeMutablePointer<vk_elements_args>) {
        a.pointee.is_double ? run(a, Double.self) : run(a, Float.self)
    }

    /// Runs the kernel in wide lanes as far as possible, and then in sixteen.
    @export(implementation) @inline(always)
    static func run<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_elements_args>, _: S.Type) {
        var wide = a.pointee
        let isWide = (hasWideDoubles || S.self == Float.self) && !wide.hasProducts
        wide.count = isWide ? wide.count &- wide.count % S.WideLanes.count : 0
        var rest = a.pointee.from(wide.count, size: MemoryLayout<S>.stride)
        // Preparing a loop takes as long as sixteen elements.
        if wide.count > 0 { run(&wide, in: S.WideLanes.self) }
        if rest.count > 0 { run(&rest, in: S.Lanes.self) }
        a.pointee.sum = wide.sum + rest.sum
        a.pointee.counted = wide.counted + rest.counted
        a.pointee.may_be_outside = wide.may_be_outside || rest.may_be_outside
    }
}

extension vk_elements_args {
    /// Whether the weight of an element is multiplied by one of the formula.
    @export(implementation) @inline(always)
    var hasProducts: Bool { positive_weights != nil || weights != nil && formula.pointee.weight != 1 }

    /// The elements from `index` on: all of them, or fewer than there are wide lanes, which do not reach the end of
    /// weights that repeat.
    @export(implementation) @inline(always)
    func from(_ index: Int, size: Int) -> Self {
        var rest = self
        let bytes = index &* size
        rest.count = count &- index
        rest.predictions = predictions + bytes
        rest.targets = targets + bytes
        rest.weights = weights.map { $0 + index % weights_period &* size }
        rest.positive_weights = positive_weights.map { $0 + index % positive_weights_period &* size }
        rest.mask = mask.map { $0 + index }
        rest.losses = losses.map { $0 + bytes }
        rest.gradient = gradient.map { $0 + bytes }
        rest.hessian = hessian.map { $0 + bytes }
        return rest
    }
}

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// A kernel that computes the loss of each element, and perhaps other outputs, in any lanes.
public protocol ElementsKernel {
    /// The lanes of the loops for groups of Doubles: wide ones, or sixteen where wide ones would not save time.
    associatedtype WholeDoubles: Lanes where WholeDoubles.Scalar == Double
    /// Computes the elements of the arguments and adds the results to those that are there.
    ///
    /// - Parameter isWhole: whether the number of lanes divides that of the elements and no weight is a product, so that
    ///   simpler loops are enough.
    static func run<L: Lanes>(_ a: inout vk_elements_args, in _: L.Type, isWhole: Bool)
}

extension ElementsKernel {
    /// - Parameter isWide: whether there are loops for groups, and loops for Doubles.
    @export(implementation) @inline(always)
    public static func run(_ a: UnsafeMutablePointer<vk_elements_args>, isWide: Bool) {
        guard a.pointee.is_double else { return run(a, Float.WideLanes.self, hasWhole: isWide) }
        guard isWide else { return a.pointee.sum = .nan }
        run(a, WholeDoubles.self, hasWhole: true)
    }

    /// Runs the kernel on groups of as many elements as there are lanes, if wanted and as far as possible, and then on the
    /// rest in sixteen lanes. Afterwards the arguments are those of the second part: copies of them would take as long as
    /// sixteen elements.
    @export(implementation) @inline(always)
    static func run<L: Lanes>(_ a: UnsafeMutablePointer<vk_elements_args>, _: L.Type, hasWhole: Bool) {
        let count = a.pointee.count
        let whole = hasWhole && !a.pointee.hasProducts ? count &- count % L.count : 0
        if whole > 0 {
            a.pointee.count = whole
            run(&a.pointee, in: L.self, isWhole: true)
            if whole == count { return }
            a.pointee.advance(by: whole, size: MemoryLayout<L.Scalar>.stride)
        }
        a.pointee.count = count &- whole
        run(&a.pointee, in: L.Scalar.Lanes.self, isWhole: false)
    }
}

extension vk_elements_args {
    /// Whether the weight of an element is multiplied by one of the formula.
    @export(implementation) @inline(always)
    var hasProducts: Bool {
        weights != nil && formula.pointee.weight != 1
            || positive_weights != nil && formula.pointee.positiveWeight != 1
    }

    /// Moves to element `index`. From there on, fewer elements remain than there were lanes, so no load extends past the
    /// elements that follow a period.
    @export(implementation) @inline(always)
    mutating func advance(by index: Int, size: Int) {
        let bytes = index &* size
        predictions += bytes
        targets += bytes
        weights = weights.map { $0 + index % weights_period &* size }
        positive_weights = positive_weights.map { $0 + index % positive_weights_period &* size }
        mask = mask.map { $0 + index }
        losses = losses.map { $0 + bytes }
        gradient = gradient.map { $0 + bytes }
        hessian = hessian.map { $0 + bytes }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Cuts products, or numbers, into the terms of reproducible sums.
@c @implementation
func vk_split_products(_ a: UnsafeMutablePointer<vk_split_products_args>) {
    let (first, count) = (Elements<Double>(a.pointee.first), a.pointee.count)
    let second = a.pointee.second.map { Elements<Double>($0) }
    var index = 0
    while index < count {
        let part = min(F64x16.count, count &- index)
        var numbers = first.load(index, count: part, as: F64x16.self)
        if let second { numbers = numbers * second.load(index, count: part, as: F64x16.self) }
        numbers.cut(a.pointee.terms, index)
        index &+= F64x16.count
    }
}

extension UnsafeMutablePointer<SumTerm> {
    /// Writes the terms of products of two arrays, or of the numbers of one. There must be room for fifteen more.
    package func split(
        _ first: UnsafePointer<Double>, times second: UnsafePointer<Double>? = nil, count: Int,
        _ level: KernelLevel
    ) {
        var a = vk_split_products_args(first: first, second: second, terms: self, count: count)
        a.run(level)
    }
}

extension vk_split_products_args {
    @inline(never)
    fileprivate mutating func run(_ level: KernelLevel) { vk_split_products_at(level.instructionSet, &self) }
}

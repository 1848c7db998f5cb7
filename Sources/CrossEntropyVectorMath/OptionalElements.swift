// SPDX-License-Identifier: Apache-2.0

/// The elements of an argument that a call need not have, read in order. Without the argument, they all have the same
/// value.
///
/// There is no branch: the bits of what is loaded are kept, or replaced by those of the value. In a loop over a few
/// elements at a time, branches on what a call has take as long as the exponential.
@frozen
public struct OptionalElements<L: Lanes> {
    @usableFromInline let elements: Elements<L.Scalar>
    public let isGiven: Bool
    /// All bits set if the argument is given, else none.
    @usableFromInline let given: L
    /// The value, or 0 if the argument is given.
    @usableFromInline let value: L
    /// The number of elements after which they repeat. As many more as there are lanes, minus one, follow in memory.
    @usableFromInline let period: Int
    @usableFromInline var position = 0

    /// - Parameter readable: memory with as many elements, which is read, but not used, in place of the argument.
    @export(implementation) @inline(always)
    public init(_ base: UnsafeRawPointer?, period: Int, orAll value: L.Scalar, readable: UnsafeRawPointer) {
        elements = Elements(base ?? readable)
        isGiven = base != nil
        given = L(allBits: base != nil)
        self.value = L(repeating: base == nil ? value : 0)
        self.period = base == nil ? .max : period
    }

    @export(implementation) @inline(always)
    func prefetchAhead() { elements.prefetchAhead(position, count: L.count) }

    /// The elements of the next lanes, or the last `count` of them followed by lanes with 0 or the value.
    @export(implementation) @inline(always)
    public mutating func next(_ count: Int) -> L {
        let next = elements.load(position, count: count, as: L.self)
        position &+= L.count
        if position >= period { position &-= period }
        return (next & given) | value
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Keeps arrays from being released before a call on their elements returns.
@inlinable @inline(always)
func keepAlive<P, T, W>(
    _ predictions: [P], _ targets: [T], _ a: [W]?, _ b: [W]?, _ c: [W]?, _ d: [W]?, _ e: [W]?, _ mask: [Bool]?
) {
    extendLifetime(predictions)
    extendLifetime(targets)
    extendLifetime(a)
    extendLifetime(b)
    extendLifetime(c)
    extendLifetime(d)
    extendLifetime(e)
    extendLifetime(mask)
}

extension Array {
    /// A pointer to the elements of the array, valid only as long as the array is.
    @inlinable @inline(always)
    var elements: UnsafeBufferPointer<Element> { unsafe withUnsafeBufferPointer { unsafe $0 } }

    /// Appends zeros if there are fewer than `count` elements.
    @inlinable
    package mutating func makeRoom(for count: Int) where Element: LossScalar {
        if self.count < count { append(contentsOf: repeatElement(0, count: count - self.count)) }
    }

    /// Calls `body` with the first `count` elements, after appending zeros if there are fewer.
    package mutating func withRoom<R>(
        for count: Int, _ body: (inout MutableSpan<Element>) throws(CrossEntropyError) -> R
    ) throws(CrossEntropyError) -> R where Element: LossScalar {
        makeRoom(for: count)
        return unsafe try withUnsafeMutableBufferPointer { elements throws(CrossEntropyError) in
            var span = unsafe UnsafeMutableBufferPointer(rebasing: elements[..<count]).mutableSpan
            return try body(&span)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// Elements whose storage is known at compile time.
@frozen
public struct Elements<S: Storage> {
    @usableFromInline let base: UnsafeRawPointer

    @export(implementation) @inline(always)
    public init(_ base: UnsafeRawPointer) { self.base = base }

    /// Elements `index` to `index + 15`.
    @export(implementation) @inline(always)
    public func load<L: Lanes>(_ index: Int, as: L.Type) -> L { L.load(S.self, base, index) }

    /// The first `count` < 16 of them, followed by zeros.
    @export(implementation) @inline(always)
    public func load<L: Lanes>(_ index: Int, prefix count: Int, as: L.Type) -> L {
        L.load(S.self, base, index, prefix: count)
    }

    /// The first `count` of the sixteen elements from `index` on.
    @export(implementation) @inline(always)
    public func load<L: Lanes>(_ index: Int, count: Int, as: L.Type) -> L {
        count == L.count ? load(index, as: L.self) : load(index, prefix: count, as: L.self)
    }

    /// Prefetches the cache lines `Tuning.prefetchDistance` bytes past the `count` elements from `index` on.
    @export(implementation) @inline(always)
    public func prefetchAhead(_ index: Int, count: Int) {
        let place = base + index &* S.bits / 8 + Tuning.prefetchDistance
        var line = 0
        while line < count &* S.bits / 8 {
            vk_prefetch(place + line)
            line &+= 64
        }
    }

    /// The elements from `index` on; that element must start at a byte boundary.
    @export(implementation) @inline(always)
    public func from(_ index: Int) -> Self { Self(base + index &* S.bits / 8) }
}

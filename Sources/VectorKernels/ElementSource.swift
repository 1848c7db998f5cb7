// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// Where the lanes of one argument come from.
public protocol ElementSource {
    /// Nil where the argument is absent.
    init?(_ elements: lk_elements)
    /// Elements `index` to `index + 15`.
    func load<L: Lanes>(_ index: Int, as: L.Type) -> L
    /// The first `count` < 16 of them, zeros behind.
    func load<L: Lanes>(_ index: Int, prefix count: Int, as: L.Type) -> L
    /// Asks for what lies `Tuning.prefetchDistance` behind 64 elements from `index` on.
    func prefetchAhead(_ index: Int)
    /// From element `index` on, which begins at a byte.
    func from(_ index: Int) -> Self
}

/// Elements whose storage is known when the kernel is compiled.
@frozen
public struct Elements<S: Storage>: ElementSource {
    @usableFromInline let base: UnsafeRawPointer

    @inlinable @inline(always)
    public init?(_ elements: lk_elements) {
        guard let base = elements.base else { return nil }
        self.base = base
    }

    @inlinable @inline(always)
    public func load<L: Lanes>(_ index: Int, as: L.Type) -> L { L.load(S.self, base, index) }
    @inlinable @inline(always)
    public func load<L: Lanes>(_ index: Int, prefix count: Int, as: L.Type) -> L {
        L.load(S.self, base, index, prefix: count)
    }

    @inlinable @inline(always)
    public func prefetchAhead(_ index: Int) {
        prefetch(base, index, bits: S.bits)
    }

    @inlinable @inline(always) init(base: UnsafeRawPointer) { self.base = base }

    @inlinable @inline(always)
    public func from(_ index: Int) -> Self { Self(base: base + index &* S.bits / 8) }
}

/// Elements whose storage is looked up for every vector: a branch that is always predicted, and one body of a kernel
/// for all storages.
@frozen
public struct AnyElements: ElementSource {
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let storage: lk_storage

    @inlinable @inline(always)
    public init?(_ elements: lk_elements) {
        guard let base = elements.base else { return nil }
        self.base = base
        storage = elements.storage
    }

    @inlinable @inline(always)
    public func load<L: Lanes>(_ index: Int, as: L.Type) -> L {
        switch storage {
        case LK_F32: L.load(Float.self, base, index)
        case LK_F64: L.load(Double.self, base, index)
        case LK_U8: L.load(UInt8.self, base, index)
        case LK_BITS: L.load(PackedBit.self, base, index)
        case LK_F16: L.load(Half.self, base, index)
        default: L.load(BFloat16.self, base, index)
        }
    }

    @inlinable @inline(always)
    public func load<L: Lanes>(_ index: Int, prefix count: Int, as: L.Type) -> L {
        switch storage {
        case LK_F32: L.load(Float.self, base, index, prefix: count)
        case LK_F64: L.load(Double.self, base, index, prefix: count)
        case LK_U8: L.load(UInt8.self, base, index, prefix: count)
        case LK_BITS: L.load(PackedBit.self, base, index, prefix: count)
        case LK_F16: L.load(Half.self, base, index, prefix: count)
        default: L.load(BFloat16.self, base, index, prefix: count)
        }
    }

    @inlinable @inline(always)
    public func prefetchAhead(_ index: Int) {
        switch storage {
        case LK_F32: prefetch(base, index, bits: Float.bits)
        case LK_F64: prefetch(base, index, bits: Double.bits)
        default: prefetch(base, index, bits: UInt8.bits)
        }
    }

    @inlinable @inline(always)
    init(base: UnsafeRawPointer, _ storage: lk_storage) {
        self.base = base
        self.storage = storage
    }

    @inlinable @inline(always)
    public func from(_ index: Int) -> Self {
        Self(base: base + index &* storage.bits / 8, storage)
    }

    /// Either, as `count` says.
    @inlinable @inline(always)
    func load<L: Lanes>(_ index: Int, _ count: Int, as: L.Type) -> L {
        count == L.count ? load(index, as: L.self) : load(index, prefix: count, as: L.self)
    }
}

extension lk_storage {
    /// Of an element.
    @inlinable @inline(always)
    public var bits: Int {
        switch self {
        case LK_F32: Float.bits
        case LK_F64: Double.bits
        case LK_U8: UInt8.bits
        case LK_BITS: PackedBit.bits
        case LK_F16: Half.bits
        default: BFloat16.bits
        }
    }
}

/// The cache lines of 64 elements from `index` on, some way ahead.
@inlinable @inline(always)
func prefetch(_ base: UnsafeRawPointer, _ index: Int, bits: Int) {
    let place = base + index &* bits / 8 + Tuning.prefetchDistance
    var line = 0
    while line < 64 * bits / 8 {
        vk_prefetch(place + line)
        line &+= 64
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Working memory for calls on matrices. Keep one and pass it to every call, so that nothing is allocated per row. A
/// call without one creates its own.
///
/// It grows to the size that a call needs: for pairwise losses, at most 4.3 MiB plus 8 bytes per row of predictions;
/// for logistic objectives, see `LogisticObjective.workspaceByteCount`. Only one call at a time may use it.
@safe
public final class BLASWorkspace {
    private var memory: UnsafeMutableRawBufferPointer

    /// - Parameter byteCount: the initial size.
    public init(byteCount: Int = 0) {
        unsafe memory = .allocate(byteCount: max(0, byteCount), alignment: Self.alignment)
    }

    deinit { unsafe memory.deallocate() }

    public var byteCount: Int { unsafe memory.count }

    /// The size of a cache line, and of the widest vector.
    static let alignment = 64

    /// Memory with at least the size of `layout`.
    func room(_ layout: WorkspaceLayout) -> UnsafeMutableRawPointer {
        if byteCount < layout.byteCount {
            unsafe memory.deallocate()
            unsafe memory = .allocate(byteCount: layout.byteCount, alignment: Self.alignment)
        }
        return unsafe memory.baseAddress!
    }
}

/// Consecutive places in a workspace.
struct WorkspaceLayout {
    /// Not 0, so that the workspace always has an address.
    private(set) var byteCount = BLASWorkspace.alignment

    /// Adds a place for `count` numbers and returns its offset.
    mutating func place<S>(_ count: Int, _: S.Type) -> Int {
        let offset = byteCount
        let lines = (count * MemoryLayout<S>.stride + BLASWorkspace.alignment - 1) / BLASWorkspace.alignment
        byteCount += lines * BLASWorkspace.alignment
        return offset
    }
}

extension UnsafeMutableRawPointer {
    func numbers<S>(_ offset: Int, _: S.Type) -> UnsafeMutablePointer<S> {
        unsafe (self + offset).assumingMemoryBound(to: S.self)
    }
}

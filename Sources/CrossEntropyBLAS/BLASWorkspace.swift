// SPDX-License-Identifier: Apache-2.0

/// Room that calls with matrices work in, to be held and given to every call: then nothing is allocated for a row. A call
/// that is given none makes one.
///
/// It grows to what a call needs: for pairwise losses at most 4.3 MiB and 8 bytes for each row of predictions; for
/// logistic objectives see `LogisticObjective.workspaceByteCount`. One call at a time may use it.
@safe
public final class BLASWorkspace {
    private var memory: UnsafeMutableRawBufferPointer

    /// - Parameter byteCount: what to begin with.
    public init(byteCount: Int = 0) {
        unsafe memory = .allocate(byteCount: max(0, byteCount), alignment: Self.alignment)
    }

    deinit { unsafe memory.deallocate() }

    public var byteCount: Int { unsafe memory.count }

    /// A cache line, and the widest vector.
    static let alignment = 64

    /// As many bytes as `layout` has handed out places for.
    func room(_ layout: WorkspaceLayout) -> UnsafeMutableRawPointer {
        if byteCount < layout.byteCount {
            unsafe memory.deallocate()
            unsafe memory = .allocate(byteCount: layout.byteCount, alignment: Self.alignment)
        }
        return unsafe memory.baseAddress!
    }
}

/// Places in a workspace, one behind the other.
struct WorkspaceLayout {
    /// At least one byte, so that there is an address.
    private(set) var byteCount = BLASWorkspace.alignment

    /// The offset of room for `count` numbers.
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

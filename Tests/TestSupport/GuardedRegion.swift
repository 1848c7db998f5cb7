// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Pages between two pages that cannot be accessed. Data placed at an edge is directly next to such a page, so that an
/// out-of-bounds access on that side causes a fault; on the other side is a canary that shows whether it was
/// overwritten.
public final class GuardedRegion {
    public enum Edge: Sendable { case beforeGuard, afterGuard }

    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    private var canary: UnsafeMutableRawBufferPointer?

    /// - Parameter capacity: the maximum number of bytes of anything placed here.
    public init(capacity: Int) {
        let page = Int(getpagesize())
        self.capacity = (capacity + Self.canaryBytes + page - 1) / page * page
        let size = self.capacity + 2 * page
        guard let mapping = mmap(nil, size, PROT_NONE, MAP_PRIVATE | Self.anonymous, -1, 0),
            mapping != MAP_FAILED,
            mprotect(mapping + page, self.capacity, PROT_READ | PROT_WRITE) == 0
        else { fatalError("no memory for \(size) bytes between guard pages") }
        base = mapping + page
    }

    deinit {
        let page = Int(getpagesize())
        munmap(base - page, capacity + 2 * page)
    }

    /// The address for `bytes` bytes at one edge; the memory still contains what an earlier user left there.
    public func place(_ bytes: Int, at edge: Edge) -> UnsafeMutableRawPointer {
        precondition(
            bytes + Self.canaryBytes <= capacity, "\(bytes) bytes do not fit into a region of \(capacity)")
        let place = edge == .afterGuard ? base : base + (capacity - bytes)
        let other = edge == .afterGuard ? base + bytes : place - Self.canaryBytes
        let canary = UnsafeMutableRawBufferPointer(start: other, count: Self.canaryBytes)
        for index in canary.indices { canary[index] = Self.pattern }
        self.canary = canary
        return place
    }

    /// Whether nothing was written next to the data placed last, on the side without a guard page.
    public var isIntact: Bool { canary.map { $0.allSatisfy { $0 == Self.pattern } } ?? true }

    private static let canaryBytes = 256
    private static let pattern: UInt8 = 0xA5

    #if canImport(Glibc)
        private static let anonymous = Int32(MAP_ANONYMOUS)
    #else
        private static let anonymous = MAP_ANON
    #endif
}

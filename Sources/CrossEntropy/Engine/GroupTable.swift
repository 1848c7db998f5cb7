// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The sums of each group, in an array whose elements begin at cache lines. Those of a Swift array begin 16 bytes after
/// a multiple of 32, so a group would span three lines.
///
/// A large table is placed in pages of 2 MiB if the system supports them. Rows refer to groups in any order, and with
/// pages of 4 KiB, nearly every row would wait until the address of a page has been looked up.
@safe
struct GroupTable<Sums: BitwiseCopyable & Sendable & Equatable>: Sendable {
    private var storage: Storage
    private(set) var count = 0

    init() { storage = Storage(capacity: 0) }

    /// Appends `sums` until there are `newCount` elements.
    mutating func extend(to newCount: Int, _ sums: Sums) {
        guard newCount > count else { return }
        if newCount > storage.capacity || !isKnownUniquelyReferenced(&storage) {
            let grown = storage.capacity == 0 ? newCount : max(newCount, 2 * count)
            storage = Storage(copying: storage, count: count, capacity: grown)
        }
        unsafe (storage.base + count).initialize(repeating: sums, count: newCount - count)
        count = newCount
    }

    subscript(index: Int) -> Sums {
        precondition(0..<count ~= index, "group \(index) is not in 0..<\(count)")
        return unsafe storage.base[index]
    }

    mutating func set(_ sums: Sums, _ index: Int) {
        precondition(0..<count ~= index, "group \(index) is not in 0..<\(count)")
        unsafe withElements { unsafe $0[index] = sums }
    }

    /// Calls `body` with the elements, which are copied first if another table shares them.
    mutating func withElements<R>(_ body: (UnsafeMutablePointer<Sums>) -> R) -> R {
        if !isKnownUniquelyReferenced(&storage) {
            storage = Storage(copying: storage, count: count, capacity: count)
        }
        return unsafe body(storage.base)
    }

    @safe
    private final class Storage: @unchecked Sendable {
        let base: UnsafeMutablePointer<Sums>
        let capacity: Int

        private static var largePage: Int { 1 << 21 }

        init(capacity: Int) {
            let bytes = capacity * MemoryLayout<Sums>.stride
            let isLarge = bytes >= Self.largePage
            let memory = UnsafeMutableRawPointer.allocate(
                byteCount: bytes, alignment: isLarge ? Self.largePage : 64)
            #if os(Linux)
                // This is only advice, which a system without large pages ignores.
                if isLarge { unsafe madvise(memory, bytes, MADV_HUGEPAGE) }
            #endif
            unsafe base = memory.bindMemory(to: Sums.self, capacity: capacity)
            self.capacity = capacity
        }

        convenience init(copying other: Storage, count: Int, capacity: Int) {
            self.init(capacity: capacity)
            unsafe base.initialize(from: other.base, count: count)
        }

        deinit { unsafe base.deallocate() }
    }
}

extension GroupTable: Equatable {
    static func == (a: GroupTable, b: GroupTable) -> Bool {
        a.count == b.count && (0..<a.count).allSatisfy { a[$0] == b[$0] }
    }
}

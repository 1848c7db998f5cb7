// SPDX-License-Identifier: Apache-2.0

/// Numbers texts in the order in which they first occur. It is used by one thread at a time.
@safe
final class KeyTable {
    /// Allocated separately, because each access to a stored property of a class is checked for exclusivity.
    private let index: UnsafeMutablePointer<KeyIndex>

    /// - Parameter path: the file that the error names if there is not enough memory.
    init(for path: FilePath) throws {
        let empty = try KeyIndex(for: path)
        unsafe index = .allocate(capacity: 1)
        unsafe index.initialize(to: empty)
    }

    deinit {
        unsafe index.deinitialize(count: 1)
        unsafe index.deallocate()
    }

    var count: Int { unsafe index.pointee.count }

    subscript(_ number: Int) -> ArraySlice<UInt8> { unsafe index.pointee[number] }

    /// The number of `key`, which is added if it is new.
    ///
    /// - Parameter key: up to seven bytes beyond its end must be readable.
    @inline(always)
    func number(of key: UnsafeBufferPointer<UInt8>) throws -> Int32 {
        try unsafe index.pointee.number(of: key)
    }

    func number(of key: [UInt8]) throws -> Int32 {
        let padded = key + [UInt8](repeating: 0, count: 7)
        return try unsafe padded.withUnsafeBufferPointer {
            try unsafe number(of: UnsafeBufferPointer(rebasing: $0[..<key.count]))
        }
    }
}

/// A hash table with open addressing. All texts are in one array, one after another.
private struct KeyIndex {
    /// The number of a key plus 1, or 0 if the slot is free. The length is a power of two.
    private var slots: Buffer<UInt32>
    private var entries: [Entry] = []
    private var text: [UInt8] = []
    /// Differs from run to run, so that no file can be made whose keys all collide.
    private let seed = UInt64.random(in: 0...UInt64.max)
    private let path: FilePath

    private struct Entry {
        let hash: UInt64
        /// The first eight bytes.
        let head: UInt64
        let start: Int
        let length: Int
    }

    init(for path: FilePath) throws {
        self.path = path
        slots = try Self.emptySlots(1 << 10, path)
    }

    var count: Int { entries.count }

    subscript(_ number: Int) -> ArraySlice<UInt8> {
        let entry = entries[number]
        return text[entry.start..<entry.start + entry.length]
    }

    @inline(always)
    mutating func number(of key: UnsafeBufferPointer<UInt8>) throws -> Int32 {
        let (hash, head) = unsafe hash(key)
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot]) &- 1
            if unsafe isKey(entries[number], key, hash, head) { return Int32(truncatingIfNeeded: number) }
            slot = (slot &+ 1) & mask
        }
        return try unsafe insert(key, hash, head, slot)
    }

    @inline(always)
    private func isKey(
        _ entry: Entry, _ key: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ head: UInt64
    ) -> Bool {
        guard entry.hash == hash, entry.head == head, entry.length == key.count else { return false }
        if key.count <= 8 { return true }
        return unsafe hasText(entry, key)
    }

    @inline(never)
    private func hasText(_ entry: Entry, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
        unsafe text.withUnsafeBytes {
            unsafe memcmp($0.baseAddress! + entry.start, key.baseAddress!, key.count) == 0
        }
    }

    @inline(never)
    private mutating func insert(
        _ key: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ head: UInt64, _ slot: Int
    ) throws -> Int32 {
        guard count < Int32.max else { throw ToolError("\(path): more than \(Int32.max) groups") }
        entries.append(Entry(hash: hash, head: head, start: text.count, length: key.count))
        unsafe text.append(contentsOf: key)
        slots[slot] = UInt32(count)
        // At most half of the slots are in use.
        if 2 * count > slots.count { try grow() }
        return Int32(count - 1)
    }

    private mutating func grow() throws {
        slots = try Self.emptySlots(4 * slots.count, path)
        for (number, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(number + 1)
        }
    }

    private static func emptySlots(_ count: Int, _ path: FilePath) throws -> Buffer<UInt32> {
        let slots = try Buffer<UInt32>(count: count, for: path)
        for index in 0..<count { slots[index] = 0 }
        return slots
    }

    /// Eight bytes at a time are multiplied to 128 bits, whose halves are combined, as in wyhash.
    ///
    /// - Returns: the hash, and the first eight bytes of the key as an integer, or all of a shorter key.
    @inline(always)
    private func hash(_ key: UnsafeBufferPointer<UInt8>) -> (hash: UInt64, head: UInt64) {
        var hash = seed ^ UInt64(truncatingIfNeeded: key.count)
        var head: UInt64 = 0
        var index = 0
        while index < key.count {
            // The bytes beyond the key are shifted out.
            let word = unsafe UnsafeRawPointer(key.baseAddress! + index).loadUnaligned(as: UInt64.self)
            let used = word.littleEndian &<< UInt64(8 &* max(0, 8 &- (key.count &- index)))
            if index == 0 { head = used }
            let product = (hash ^ used).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            hash = product.high ^ product.low
            index &+= 8
        }
        return (hash, head)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Numbers texts in the order in which they first occur: a hash table with open addressing, whose texts lie one after
/// another in one array.
@safe
final class KeyTable {
    private(set) var count = 0
    /// The number of a key plus 1, or 0 if the slot is free. The length is a power of two.
    private var slots: Buffer<UInt32>
    private var entries: [Entry] = []
    private var text: [UInt8] = []
    private let path: FilePath

    private struct Entry {
        let hash: UInt64
        let start: Int
        let length: Int
    }

    /// - Parameter path: the file that is named if there is not enough memory.
    init(for path: FilePath) throws {
        self.path = path
        slots = try KeyTable.emptySlots(1 << 10, path)
    }

    subscript(_ number: Int) -> ArraySlice<UInt8> {
        let entry = entries[number]
        return text[entry.start..<entry.start + entry.length]
    }

    /// The number of `key`, which is added if it is new.
    ///
    /// - Parameter key: up to seven bytes behind it are read.
    @inline(always)
    func number(of key: UnsafeBufferPointer<UInt8>) throws -> Int32 {
        let hash = unsafe KeyTable.hash(key)
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot]) &- 1
            if unsafe isKey(number, key, hash) { return Int32(truncatingIfNeeded: number) }
            slot = (slot &+ 1) & mask
        }
        return try unsafe insert(key, hash, slot)
    }

    func number(of key: [UInt8]) throws -> Int32 {
        let padded = key + [UInt8](repeating: 0, count: 7)
        return try unsafe padded.withUnsafeBufferPointer {
            try unsafe number(of: UnsafeBufferPointer(rebasing: $0[..<key.count]))
        }
    }

    @inline(always)
    private func isKey(_ number: Int, _ key: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Bool {
        let entry = entries[number]
        guard entry.hash == hash, entry.length == key.count else { return false }
        return unsafe text.withUnsafeBufferPointer { text in
            let stored = unsafe UnsafeBufferPointer(rebasing: text[entry.start..<entry.start + entry.length])
            return unsafe stored.elementsEqual(key)
        }
    }

    @inline(never)
    private func insert(_ key: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ slot: Int) throws -> Int32 {
        guard count < Int32.max else { throw ToolError("\(path): more than \(Int32.max) groups") }
        entries.append(Entry(hash: hash, start: text.count, length: key.count))
        unsafe text.append(contentsOf: key)
        count += 1
        slots[slot] = UInt32(count)
        // At most half of the slots are in use.
        if 2 * count > slots.count { try grow() }
        return Int32(count - 1)
    }

    private func grow() throws {
        slots = try KeyTable.emptySlots(4 * slots.count, path)
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

    /// Eight bytes at a time are multiplied to 128 bits, whose halves are combined, as in wyhash. The seed differs from
    /// run to run, so that a file cannot be made for which all keys collide.
    @inline(always)
    private static func hash(_ key: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = seed ^ UInt64(truncatingIfNeeded: key.count)
        var index = 0
        while index < key.count {
            // Up to seven bytes beyond the key are read, and shifted out.
            let word = unsafe UnsafeRawPointer(key.baseAddress! + index).loadUnaligned(as: UInt64.self)
            let unused = UInt64(8 * max(0, 8 - (key.count - index)))
            let product = (hash ^ (word.littleEndian &<< unused)).multipliedFullWidth(
                by: 0x9E37_79B9_7F4A_7C15)
            hash = product.high ^ product.low
            index &+= 8
        }
        return hash
    }

    private static let seed = UInt64.random(in: 0...UInt64.max)
}

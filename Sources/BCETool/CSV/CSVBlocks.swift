// SPDX-License-Identifier: Apache-2.0

/// Memory for a number of complete rows of a .csv file. The last row is followed by zeros, so that a reader may look a
/// few bytes ahead. A block is used by one thread at a time.
final class CSVBlock: @unchecked Sendable {
    fileprivate var bytes: Buffer<UInt8>
    fileprivate(set) var count = 0
    /// The number of the block in the file.
    fileprivate(set) var index = 0
    /// The number of bytes up to its end.
    fileprivate(set) var position = 0
    fileprivate let path: FilePath

    /// The number of bytes beyond the end that may be read.
    static let padding = 64
    /// Small enough to stay in the L2 cache until it has been parsed. Sizes from 2^17 to 2^20 take the same time.
    static let size = 1 << 18

    init(for path: FilePath) throws {
        self.path = path
        bytes = try Buffer(count: Self.size + Self.padding, for: path)
    }

    /// Calls `body` with the rows.
    func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        try unsafe bytes.withBytes {
            try unsafe body(UnsafeBufferPointer(start: $0.assumingMemoryBound(to: UInt8.self), count: count))
        }
    }

    fileprivate var capacity: Int { bytes.count - Self.padding }

    /// Makes room for `needed` bytes.
    fileprivate func makeRoom(for needed: Int) throws {
        guard needed > capacity else { return }
        let (old, kept) = (bytes, capacity)
        bytes = try Buffer(count: needed + Self.padding, for: path)
        old.withSpan(0..<kept) { old in
            unsafe bytes.withMutableBytes(0..<kept) { bytes in
                unsafe old.withUnsafeBytes { unsafe bytes.copyMemory(from: $0) }
            }
        }
    }

    /// Ends the block after `count` bytes.
    ///
    /// - Parameter endsFile: whether the file ends with the block. A line feed is then added if there is none, but not
    ///   after a carriage return.
    fileprivate func end(after count: Int, endsFile: Bool) {
        self.count = count
        let last = bytes[count - 1]
        if endsFile, last != CSVDialect.newline, last != CSVDialect.carriageReturn {
            bytes[count] = CSVDialect.newline
            self.count += 1
        }
        for index in self.count..<self.count + Self.padding / 2 { bytes[index] = 0 }
    }
}

/// Divides the bytes of a .csv file into blocks of complete rows. Where a block ends depends only on the bytes.
struct CSVBlocks: ~Copyable {
    private var source: CSVSource
    /// The beginning of a row that was not complete in the last block.
    private var rest: [UInt8] = []
    private var hasEnded = false
    private(set) var nextIndex = 0
    /// The number of bytes in the blocks so far.
    private var position = 0

    init(_ source: consuming CSVSource) { self.source = source }

    var size: Int? { source.size }

    /// Fills `block` with the next rows; returns false if there are no more.
    mutating func next(into block: CSVBlock) throws -> Bool {
        var filled = rest.count
        // How much is read depends only on the bytes of the file, and not on the current capacity of the block.
        var size = CSVBlock.size
        while size <= filled { size *= 2 }
        try block.makeRoom(for: size)
        unsafe rest.withUnsafeBytes { rest in
            unsafe block.bytes.withMutableBytes(0..<filled) { unsafe $0.copyMemory(from: rest) }
        }
        rest.removeAll(keepingCapacity: true)
        while true {
            let count =
                try hasEnded
                ? 0 : unsafe block.bytes.withMutableBytes(filled..<size) { try unsafe source.read($0) }
            filled += count
            if filled < size {
                hasEnded = true
                guard filled > 0 else { return false }
                return finish(block, after: filled, endsFile: true)
            }
            let end = unsafe block.bytes.withBytes { unsafe Self.endOfLastRow($0, filled) }
            if let end {
                block.bytes.withSpan(end..<filled) { for index in $0.indices { rest.append($0[index]) } }
                return finish(block, after: end, endsFile: false)
            }
            guard filled < CSVDialect.longestRow else {
                // The reader of the rows will report that this one is too long, probably because of a quote.
                hasEnded = true
                return finish(block, after: filled, endsFile: false)
            }
            size *= 2
            try block.makeRoom(for: size)
        }
    }

    private mutating func finish(_ block: CSVBlock, after count: Int, endsFile: Bool) -> Bool {
        block.end(after: count, endsFile: endsFile)
        block.index = nextIndex
        nextIndex += 1
        position += count
        block.position = position
        return true
    }

    /// Where the last complete row ends, or nil. A line feed ends a row if the number of quotes before it is even. This
    /// may be wrong for a row with misplaced quotes, but such a row is an error anyway, and no row before it is
    /// affected.
    private static func endOfLastRow(_ bytes: UnsafeRawPointer, _ count: Int) -> Int? {
        var quotes = unsafe numberOfQuotes(bytes, count)
        var index = count
        while index > 0 {
            index -= 1
            let byte = unsafe bytes.load(fromByteOffset: index, as: UInt8.self)
            if byte == CSVDialect.quote { quotes -= 1 }
            if byte == CSVDialect.newline, quotes.isMultiple(of: 2) { return index + 1 }
        }
        return nil
    }

    private static func numberOfQuotes(_ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        guard unsafe memchr(bytes, Int32(CSVDialect.quote), count) != nil else { return 0 }
        var total = 0
        for start in stride(from: 0, to: count, by: 255) {
            // The sum of at most 255 bytes fits in a byte, so the compiler can add sixteen at a time.
            var part: UInt8 = 0
            for index in start..<min(count, start + 255) {
                part &+= unsafe bytes.load(fromByteOffset: index, as: UInt8.self) == CSVDialect.quote ? 1 : 0
            }
            total += Int(part)
        }
        return total
    }
}

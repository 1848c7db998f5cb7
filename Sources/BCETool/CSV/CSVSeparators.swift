// SPDX-License-Identifier: Apache-2.0

/// Finds where the fields of an ordinary row end.
@unsafe
struct CSVSeparators {
    let columns: Int
    private let delimiter: UInt8
    /// The delimiter in each of eight bytes.
    private let delimiters: UInt64

    typealias Place = UnsafePointer<UInt8>

    init(_ delimiter: UInt8, columns: Int) {
        unsafe self.columns = columns
        unsafe self.delimiter = delimiter
        unsafe delimiters = UInt64(delimiter) * 0x0101_0101_0101_0101
    }

    @inline(always)
    func endsField(_ byte: UInt8) -> Bool {
        unsafe byte == delimiter || byte == CSVDialect.newline || byte == CSVDialect.carriageReturn
    }

    /// Moves past what must follow a field: the delimiter or, after the last column, the end of the line. Returns false
    /// if something else follows.
    @inline(always)
    func pass(_ place: inout Place, _ column: inout Int) -> Bool {
        column &+= 1
        if unsafe column < columns {
            guard unsafe place[0] == delimiter else { return false }
            unsafe place += 1
            return true
        }
        if unsafe place[0] == CSVDialect.carriageReturn { unsafe place += 1 }
        guard unsafe place[0] == CSVDialect.newline else { return false }
        unsafe place += 1
        return true
    }

    /// Skips a field; returns false if it is not an ordinary one.
    @inline(always)
    func skipField(_ place: inout Place) -> Bool { unsafe text(&place) != nil }

    /// The text of a field, without its quotes; nil if it is not an ordinary one.
    @inline(always)
    func text(_ place: inout Place) -> UnsafeBufferPointer<UInt8>? {
        let start = unsafe place
        if unsafe start[0] == CSVDialect.quote { return unsafe quotedText(&place) }
        guard unsafe skipPlainField(&place) else { return nil }
        return unsafe UnsafeBufferPointer(start: start, count: place - start)
    }

    /// Moves to the end of a field that has no quotes.
    @inline(always)
    func skipPlainField(_ place: inout Place) -> Bool {
        let start = unsafe place
        while true {
            let word = unsafe UnsafeRawPointer(place).loadUnaligned(as: UInt64.self).littleEndian
            // The lowest byte of `found` that is not 0 marks the first byte that is the delimiter or below 0x23, as
            // quotes, spaces and control characters are.
            let below = (word &- 0x2323_2323_2323_2323) & ~word
            let difference = unsafe word ^ delimiters
            let equal = (difference &- 0x0101_0101_0101_0101) & ~difference
            let found = (below | equal) & 0x8080_8080_8080_8080
            if found == 0 {
                unsafe place += 8
                continue
            }
            unsafe place += found.trailingZeroBitCount &>> 3
            let byte = unsafe place[0]
            if unsafe endsField(byte) { return unsafe place - start <= CSVDialect.longestField }
            guard byte != CSVDialect.quote, byte != 0 else { return false }
            unsafe place += 1
        }
    }

    /// The text between quotes; nil if it contains a quote or a line feed, or if something follows the closing quote.
    @inline(never)
    private func quotedText(_ place: inout Place) -> UnsafeBufferPointer<UInt8>? {
        let start = unsafe place + 1
        unsafe place = start
        while unsafe place[0] != CSVDialect.quote {
            guard unsafe place[0] != CSVDialect.newline, unsafe place[0] != 0 else { return nil }
            unsafe place += 1
        }
        let count = unsafe place - start
        unsafe place += 1
        guard unsafe endsField(place[0]) else { return nil }
        return count <= CSVDialect.longestField ? unsafe UnsafeBufferPointer(start: start, count: count) : nil
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CSVBytes

/// Finds where the fields of an ordinary row end.
@unsafe
struct CSVSeparators {
    private let delimiter: UInt8
    /// The delimiter in sixteen bytes, so that a row does not spread it again.
    private let delimiters: SIMD16<UInt8>

    typealias Place = UnsafePointer<UInt8>

    init(_ delimiter: UInt8) {
        unsafe self.delimiter = delimiter
        unsafe delimiters = SIMD16(repeating: delimiter)
    }

    /// Passes what must follow a field. A carriage return may precede a line feed.
    @inline(always)
    func pass(_ place: inout Place, _ terminator: UInt8) -> Bool {
        if unsafe place[0] == terminator {
            unsafe place += 1
            return true
        }
        guard terminator == CSVDialect.newline, unsafe place[0] == CSVDialect.carriageReturn,
            unsafe place[1] == CSVDialect.newline
        else { return false }
        unsafe place += 2
        return true
    }

    /// Skips fields with the delimiters after them; returns false if one is not ordinary.
    @inline(always)
    func skip(_ count: Int, _ place: inout Place) -> Bool {
        var remaining = count
        while remaining > 0 {
            let end = unsafe endOfPlainField(place)
            if unsafe end[0] == delimiter {
                unsafe place = end + 1
            } else {
                guard unsafe text(&place) != nil, unsafe pass(&place, delimiter) else { return false }
            }
            remaining &-= 1
        }
        return true
    }

    /// The text of a field, without its quotes; nil if the field is not an ordinary one.
    @inline(always)
    func text(_ place: inout Place) -> UnsafeBufferPointer<UInt8>? {
        let start = unsafe place
        unsafe place = endOfPlainField(start)
        guard unsafe endsField(place[0]) else { return unsafe quotedText(start, &place) }
        return unsafe UnsafeBufferPointer(start: start, count: place - start)
    }

    private func endsField(_ byte: UInt8) -> Bool {
        unsafe byte == delimiter || byte == CSVDialect.newline || byte == CSVDialect.carriageReturn
    }

    /// The first byte that ends the field, or that an ordinary field does not contain: a quote or a zero.
    @inline(always)
    private func endOfPlainField(_ start: Place) -> Place {
        var place = unsafe start
        while true {
            let index = unsafe csv_find_separator(place, delimiters)
            unsafe place += Int(index)
            if index == 16 { continue }
            let byte = unsafe place[0]
            if unsafe byte == delimiter { return unsafe place }
            // A space, or a control character that is not special.
            guard byte != CSVDialect.newline, byte != CSVDialect.carriageReturn, byte != CSVDialect.quote,
                byte != 0
            else { return unsafe place }
            unsafe place += 1
        }
    }

    /// The text between quotes, if it contains no quote or line feed, and the closing quote ends the field.
    ///
    /// - Parameter place: receives the place after the closing quote.
    @inline(never)
    private func quotedText(_ start: Place, _ place: inout Place) -> UnsafeBufferPointer<UInt8>? {
        guard unsafe start[0] == CSVDialect.quote else { return nil }
        unsafe place = start + 1
        while unsafe place[0] != CSVDialect.quote {
            guard unsafe place[0] != CSVDialect.newline, unsafe place[0] != 0 else { return nil }
            unsafe place += 1
        }
        let count = unsafe place - start - 1
        unsafe place += 1
        guard unsafe endsField(place[0]) else { return nil }
        return unsafe UnsafeBufferPointer(start: start + 1, count: count)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A parser of decimal numbers of up to 19 digits, with correct rounding.
///
/// Method: the digits are an integer m below 2^64, and the number is m / 10^s. If m is at most 2^53 and s at most 22,
/// both m and 10^s are exact Doubles, and a division or multiplication rounds once (Clinger 1990, "How to Read Floating
/// Point Numbers Accurately"). Otherwise, if s is from 1 to 21, m is shifted to the top of 128 bits and divided as an
/// integer. The quotient has at least 57 bits (2^127 / 10^21 > 2^57), more than the 55 that rounding needs. A remainder
/// sets its lowest bit, so that an inexact quotient is not taken for a tie. All other numbers are left to the C
/// library.
@unsafe
struct CSVDecimal {
    /// 10^0 to 10^22, which are exact Doubles, and 10^0 to 10^8. These are copies of the pointers, because each use of
    /// a static variable checks whether it has been initialized.
    private let powers = unsafe Self.powers
    private let integerPowers = unsafe Self.integerPowers

    /// Parses the number that begins at `text`: a minus sign, digits, a point and an exponent, most of which are
    /// optional.
    ///
    /// - Parameters:
    ///   - text: at least 32 bytes beyond the number must be readable.
    ///   - end: receives the place after the number.
    /// - Returns: nil if there is no number, if it has more than 19 digits, or if its exponent needs the C library.
    @inline(always)
    func parse(_ text: UnsafePointer<UInt8>, end: inout UnsafePointer<UInt8>) -> Double? {
        var place = unsafe text
        let isNegative = unsafe place[0] == UInt8(ascii: "-")
        if isNegative { unsafe place += 1 }
        var integer: UInt64 = 0
        let start = unsafe place
        unsafe readDigits(&place, &integer)
        let wholeDigits = unsafe place - start
        // The leading zero of 0.5 does not count as one of the 19 digits. The integer may also be 0 because more digits
        // have overflowed it.
        var digits = integer == 0 && wholeDigits <= 19 ? 0 : wholeDigits
        var scale = 0
        if unsafe place[0] == UInt8(ascii: ".") {
            unsafe place += 1
            let fraction = unsafe place
            unsafe readDigits(&place, &integer)
            scale = unsafe place - fraction
            digits += scale
        }
        // Leading zeros are limited as well, because this path does not check the length of the field.
        guard digits <= 19, 1...64 ~= wholeDigits + scale else { return nil }
        if unsafe place[0] | 0x20 == UInt8(ascii: "e") {
            guard let exponent = unsafe self.exponent(&place) else { return nil }
            scale -= exponent
        }
        unsafe end = place
        guard let magnitude = unsafe value(integer, scale: scale) else { return nil }
        return isNegative ? -magnitude : magnitude
    }

    /// The usual form of a probability: a digit, a point, and one to seven digits. It takes half of the instructions of
    /// the general form.
    ///
    /// - Parameters:
    ///   - text: receives the place after the terminator if there is such a number.
    ///   - terminator: what must follow the number.
    @inline(always)
    func shortFraction(_ text: inout UnsafePointer<UInt8>, before terminator: UInt8) -> Double? {
        let digit = unsafe text[0] ^ UInt8(ascii: "0")
        guard digit < 10, unsafe text[1] == UInt8(ascii: ".") else { return nil }
        let (values, others) = unsafe Self.digits(text + 2)
        guard others != 0 else { return nil }
        let count = others.trailingZeroBitCount &>> 3
        guard count > 0, unsafe text[2 &+ count] == terminator else { return nil }
        unsafe text += 3 &+ count
        let fraction = unsafe Self.number(values &<< UInt64(64 &- 8 &* count))
        let integer = unsafe UInt64(digit) &* integerPowers[count] &+ fraction
        return unsafe Double(Int64(bitPattern: integer)) / powers[count]
    }

    /// The values of the eight bytes at `place` as digits, and bits in the bytes that are not digits.
    @inline(always)
    private static func digits(_ place: UnsafePointer<UInt8>) -> (values: UInt64, others: UInt64) {
        let word = unsafe UnsafeRawPointer(place).loadUnaligned(as: UInt64.self).littleEndian
        let values = word ^ 0x3030_3030_3030_3030
        // If a byte is not a digit, one of its upper four bits is set, or is set by adding 6.
        return (values, (values | (values &+ 0x0606_0606_0606_0606)) & 0xf0f0_f0f0_f0f0_f0f0)
    }

    /// Appends the digits at `place` to `integer`, up to eight at a time. With more than 19 digits, it may overflow.
    @inline(always)
    private func readDigits(_ place: inout UnsafePointer<UInt8>, _ integer: inout UInt64) {
        while true {
            let (values, others) = unsafe Self.digits(place)
            if others == 0 {
                integer = unsafe integer &* 100_000_000 &+ Self.number(values)
                unsafe place += 8
                continue
            }
            let count = others.trailingZeroBitCount &>> 3
            guard count > 0 else { return }
            // The digits are moved to the high bytes. The low bytes, which are the leading digits, become 0.
            let power = unsafe integerPowers[count]
            integer = unsafe integer &* power &+ Self.number(values &<< UInt64(64 &- 8 &* count))
            unsafe place += count
            return
        }
    }

    /// The number whose eight decimal digits are the bytes of `digits`, of which the lowest is the leading digit. The
    /// digits are combined into pairs, then into groups of four, then into one number.
    @inline(always)
    private static func number(_ digits: UInt64) -> UInt64 {
        let pairs = (digits &* 10 &+ digits &>> 8) & 0x00ff_00ff_00ff_00ff
        let fours = (pairs &* 100 &+ pairs &>> 16) & 0x0000_ffff_0000_ffff
        return (fours &* 10_000 &+ fours &>> 32) & 0xffff_ffff
    }

    /// The exponent at `place`, of one to three digits.
    private func exponent(_ place: inout UnsafePointer<UInt8>) -> Int? {
        unsafe place += 1
        let sign = unsafe place[0]
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { unsafe place += 1 }
        var exponent: UInt64 = 0
        let start = unsafe place
        unsafe readDigits(&place, &exponent)
        guard unsafe 1...3 ~= place - start else { return nil }
        return sign == UInt8(ascii: "-") ? -Int(exponent) : Int(exponent)
    }

    /// `integer` / 10^`scale`.
    @inline(always)
    private func value(_ integer: UInt64, scale: Int) -> Double? {
        guard integer > 1 << 53 || !(0...22).contains(scale) else {
            return unsafe Double(integer) / powers[scale]
        }
        return unsafe unusualValue(integer, scale: scale)
    }

    @inline(never)
    private func unusualValue(_ integer: UInt64, scale: Int) -> Double? {
        if integer <= 1 << 53, (-22..<0).contains(scale) { return unsafe Double(integer) * powers[-scale] }
        guard integer > 0, (1...21).contains(scale) else { return nil }
        let shift = 64 + integer.leadingZeroBitCount
        let power = (1...scale).reduce(UInt128(1)) { power, _ in power * 10 }
        let (quotient, remainder) = (UInt128(integer) << UInt128(shift)).quotientAndRemainder(
            dividingBy: power)
        let rounded = Double(quotient | (remainder == 0 ? 0 : 1))
        return rounded * Double(sign: .plus, exponent: -shift, significand: 1)
    }

    nonisolated(unsafe) private static let powers: UnsafePointer<Double> = unsafe table(23) { power in
        (0..<power).reduce(1.0) { value, _ in value * 10 }
    }

    nonisolated(unsafe) private static let integerPowers: UnsafePointer<UInt64> = unsafe table(9) { power in
        (0..<power).reduce(1) { value, _ in value * 10 }
    }

    /// A table that is never freed, and that needs neither bounds checks nor reference counts.
    private static func table<Number>(_ count: Int, _ number: (Int) -> Number) -> UnsafePointer<Number> {
        let numbers = UnsafeMutablePointer<Number>.allocate(capacity: count)
        for index in 0..<count { unsafe (numbers + index).initialize(to: number(index)) }
        return unsafe UnsafePointer(numbers)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The element types of .npy files that the tool reads, named as NumPy writes them but without the byte order.
enum ElementType: String {
    case b1, u1, u2, u4, u8, i1, i2, i4, i8, f2, f4, f8

    var size: Int {
        switch self {
        case .b1, .u1, .i1: 1
        case .u2, .i2, .f2: 2
        case .u4, .i4, .f4: 4
        case .u8, .i8, .f8: 8
        }
    }
}

/// Conversions of integers or Booleans in `raw` to other types. The loops are generic over the integer type only, and
/// contain no branches, so that the compiler can vectorise them.
extension ElementType {
    /// Writes the elements as bytes if all of them are 0 or 1.
    ///
    /// - Returns: whether they all are.
    func writeLabels(_ raw: UnsafeRawPointer, _ count: Int, to bytes: Buffer<UInt8>) -> Bool {
        // Read as unsigned, a negative number is a large one.
        switch size {
        case 1: unsafe labels(raw, UInt8.self, count, bytes)
        case 2: unsafe labels(raw, UInt16.self, count, bytes)
        case 4: unsafe labels(raw, UInt32.self, count, bytes)
        default: unsafe labels(raw, UInt64.self, count, bytes)
        }
    }

    /// Writes 0 for 0 and 1 for any other number.
    func writeMask(_ raw: UnsafeRawPointer, _ count: Int, to bytes: Buffer<UInt8>) {
        switch size {
        case 1: unsafe mask(raw, UInt8.self, count, bytes)
        case 2: unsafe mask(raw, UInt16.self, count, bytes)
        case 4: unsafe mask(raw, UInt32.self, count, bytes)
        default: unsafe mask(raw, UInt64.self, count, bytes)
        }
    }

    func writeDoubles(_ raw: UnsafeRawPointer, _ count: Int, to doubles: Buffer<Double>) {
        switch self {
        case .b1, .u1: unsafe numbers(raw, UInt8.self, count, doubles)
        case .u2: unsafe numbers(raw, UInt16.self, count, doubles)
        case .u4: unsafe numbers(raw, UInt32.self, count, doubles)
        case .u8: unsafe numbers(raw, UInt64.self, count, doubles)
        case .i1: unsafe numbers(raw, Int8.self, count, doubles)
        case .i2: unsafe numbers(raw, Int16.self, count, doubles)
        case .i4: unsafe numbers(raw, Int32.self, count, doubles)
        case .i8: unsafe numbers(raw, Int64.self, count, doubles)
        case .f2, .f4, .f8: preconditionFailure("elements of type \(self) are no integers")
        }
    }
}

private func labels<I: FixedWidthInteger>(
    _ raw: UnsafeRawPointer, _: I.Type, _ count: Int, _ bytes: Buffer<UInt8>
) -> Bool {
    let elements = unsafe raw.assumingMemoryBound(to: I.self)
    return bytes.withMutableSpan(0..<count) { (bytes: consuming MutableSpan) in
        var seen: I = 0
        for index in 0..<count {
            unsafe seen |= elements[index]
            bytes[index] = unsafe UInt8(truncatingIfNeeded: elements[index])
        }
        return seen <= 1
    }
}

private func mask<I: FixedWidthInteger>(
    _ raw: UnsafeRawPointer, _: I.Type, _ count: Int, _ bytes: Buffer<UInt8>
) {
    let elements = unsafe raw.assumingMemoryBound(to: I.self)
    bytes.withMutableSpan(0..<count) { (bytes: consuming MutableSpan) in
        for index in 0..<count { bytes[index] = unsafe elements[index] == 0 ? 0 : 1 }
    }
}

private func numbers<I: FixedWidthInteger>(
    _ raw: UnsafeRawPointer, _: I.Type, _ count: Int, _ doubles: Buffer<Double>
) {
    let elements = unsafe raw.assumingMemoryBound(to: I.self)
    doubles.withMutableSpan(0..<count) { (doubles: consuming MutableSpan) in
        for index in 0..<count { doubles[index] = unsafe Double(elements[index]) }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

extension Column {
    /// The value of one element.
    package func number(_ index: Int) -> Double {
        switch dtype {
        case .float: Double(element(index, Float.self))
        case .double: element(index, Double.self)
        case .half: Column.valueOfHalf(element(index, UInt16.self))
        case .bfloat16: Double(Float(bitPattern: UInt32(element(index, UInt16.self)) << 16))
        case .bit: bit(index)
        case .byte: Double(element(index, UInt8.self))
        case .int8: Double(element(index, Int8.self))
        case .uint16: Double(element(index, UInt16.self))
        case .int16: Double(element(index, Int16.self))
        case .uint32: Double(element(index, UInt32.self))
        case .int32: Double(element(index, Int32.self))
        case .uint64: Double(element(index, UInt64.self))
        case .int64: Double(element(index, Int64.self))
        }
    }

    private func element<Element: BitwiseCopyable>(_ index: Int, _: Element.Type) -> Element {
        unsafe base.loadUnaligned(fromByteOffset: index * MemoryLayout<Element>.size, as: Element.self)
    }

    private func bit(_ index: Int) -> Double {
        let place = from(index)
        return unsafe Double(place.base.load(as: UInt8.self) >> place.bit & 1)
    }
}

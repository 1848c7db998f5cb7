// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

extension Column {
    /// The value of one element.
    package func number(_ index: Int) -> Double {
        switch dtype {
        case .double: unsafe base.loadUnaligned(fromByteOffset: index * 8, as: Double.self)
        case .float: unsafe Double(base.loadUnaligned(fromByteOffset: index * 4, as: Float.self))
        case .half: halfNumber(index)
        case .bfloat16: Double(Float(bitPattern: UInt32(pattern(index)) << 16))
        case .integer: unsafe Double(base.loadUnaligned(fromByteOffset: index * 8, as: Int64.self))
        case .byte: unsafe Double(base.load(fromByteOffset: index, as: UInt8.self))
        case .bit: bit(index)
        }
    }

    private func bit(_ index: Int) -> Double {
        let place = from(index)
        return unsafe Double(place.base.load(as: UInt8.self) >> place.bit & 1)
    }

    private func pattern(_ index: Int) -> UInt16 {
        unsafe base.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
    }

    private func halfNumber(_ index: Int) -> Double {
        #if os(macOS) && arch(x86_64)
            fatalError("there are no Float16 predictions here")
        #else
            Double(Float16(bitPattern: pattern(index)))
        #endif
    }
}

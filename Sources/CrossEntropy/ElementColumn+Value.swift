// SPDX-License-Identifier: Apache-2.0

package import KernelLevels

extension ElementColumn {
    /// One element.
    package func number(_ index: Int) -> Double {
        switch storage {
        case .double: unsafe base.loadUnaligned(fromByteOffset: index * 8, as: Double.self)
        case .float: unsafe Double(base.loadUnaligned(fromByteOffset: index * 4, as: Float.self))
        case .half: halfNumber(index)
        case .bfloat16: Double(Float(bitPattern: UInt32(pattern(index)) << 16))
        case .byte: unsafe Double(base.load(fromByteOffset: index, as: UInt8.self))
        case .bit: Double(bit(index))
        }
    }

    func bit(_ index: Int) -> UInt8 {
        unsafe base.load(fromByteOffset: index / 8, as: UInt8.self) >> UInt8(index % 8) & 1
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

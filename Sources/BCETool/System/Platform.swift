// SPDX-License-Identifier: Apache-2.0

// The C library, and of Foundation the part without locales, for all files of the module. Loading the rest of it, with 44 MB
// of ICU, takes half of the time in which `bce` starts.
#if canImport(FoundationEssentials)
    @_exported import FoundationEssentials
    @_exported import Glibc
#else
    @_exported import Foundation
#endif

// Functions of the C library under names that methods do not have.
func readBytes(_ descriptor: Int32, _ place: UnsafeMutableRawPointer, _ count: Int) -> Int {
    unsafe read(descriptor, place, count)
}

func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    unsafe write(descriptor, bytes, count)
}

func closeDescriptor(_ descriptor: Int32) -> Int32 { close(descriptor) }

extension String {
    /// A text formatted by the C library, in the "C" locale.
    init(printf format: String, _ arguments: any CVarArg...) {
        let capacity = 400
        self = unsafe withVaList(arguments) { list in
            unsafe String(unsafeUninitializedCapacity: capacity) { bytes in
                let length = unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                    unsafe vsnprintf(characters.baseAddress, capacity, format, list)
                }
                return Swift.min(Swift.max(0, Int(length)), capacity - 1)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropyCInterface

/// A struct of the C interface that begins with its size. A later version of the library may have a larger struct, and
/// must then also accept the size that programs compiled with this version pass.
package protocol SizedStruct {
    var size: Int { get }
}

extension ce_batch: SizedStruct {}
extension ce_options: SizedStruct {}
extension ce_report: SizedStruct {}
extension ce_totals: SizedStruct {}
extension ce_measures: SizedStruct {}

/// The address of a struct, if it can be read and the size is the one that this version of the library knows.
@inline(__always)
func checked<Struct: SizedStruct>(
    _ pointer: UnsafePointer<Struct>?, _ argument: String
) throws -> UnsafePointer<Struct> {
    try check(pointer, argument, count: 1, alignment: MemoryLayout<Struct>.alignment)
    try checkSize(pointer!.pointee.size, argument, Struct.self)
    return pointer!
}

/// The struct at an address.
package func read<Struct: SizedStruct>(
    _ pointer: UnsafePointer<Struct>?, _ argument: String
) throws -> Struct {
    try checked(pointer, argument).pointee
}

/// Checks a struct that will be overwritten, and returns its address.
package func place<Struct: SizedStruct>(
    _ pointer: UnsafeMutablePointer<Struct>?, _ argument: String
) throws -> UnsafeMutablePointer<Struct> {
    try UnsafeMutablePointer(mutating: checked(UnsafePointer(pointer), argument))
}

func checkSize<Struct>(_ size: Int, _ argument: String, _: Struct.Type) throws {
    guard size == MemoryLayout<Struct>.size else {
        throw InvalidArgument(argument, "has size \(size), expected \(MemoryLayout<Struct>.size)")
    }
}

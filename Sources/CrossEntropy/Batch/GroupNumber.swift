// SPDX-License-Identifier: Apache-2.0

/// The type of the numbers that assign rows to groups: `Int32` and `UInt32`, which are read in place, or `UInt8`,
/// `UInt16` and `Int`. Other types must not conform.
public protocol GroupNumber: FixedWidthInteger, BitwiseCopyable, Sendable {
    static var groupStorage: GroupStorage { get }
}

/// How the number of a group is stored. This type is only for use by the library itself.
public enum GroupStorage: Sendable { case uint8, uint16, uint32, int32, int }

extension UInt8: GroupNumber { public static var groupStorage: GroupStorage { .uint8 } }
extension UInt16: GroupNumber { public static var groupStorage: GroupStorage { .uint16 } }
extension UInt32: GroupNumber { public static var groupStorage: GroupStorage { .uint32 } }
extension Int32: GroupNumber { public static var groupStorage: GroupStorage { .int32 } }
extension Int: GroupNumber { public static var groupStorage: GroupStorage { .int } }

/// Numbers of groups without their type and lifetime; see `Memory`.
@unsafe @usableFromInline
package struct GroupNumbers {
    private let base: UnsafeRawPointer?
    private let storage: GroupStorage
    let count: Int

    @usableFromInline
    package init(_ base: UnsafeRawPointer?, _ storage: GroupStorage, count: Int) {
        unsafe self.base = base
        unsafe self.storage = storage
        unsafe self.count = count
    }

    @inlinable
    init<G: GroupNumber>(_ span: Span<G>) {
        let base = unsafe span.withUnsafeBufferPointer { unsafe UnsafeRawPointer($0.baseAddress) }
        unsafe self.init(base, G.groupStorage, count: span.count)
    }

    @inlinable
    init<G: GroupNumber>(_ buffer: UnsafeBufferPointer<G>) {
        unsafe self.init(UnsafeRawPointer(buffer.baseAddress), G.groupStorage, count: buffer.count)
    }

    /// The compiler moves the decision out of a loop over the numbers.
    @inline(always)
    func number(_ index: Int) -> Int {
        let base = unsafe base!
        return switch unsafe storage {
        case .uint8: unsafe Int(base.load(fromByteOffset: index, as: UInt8.self))
        case .uint16: unsafe Int(base.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self))
        case .uint32: unsafe Int(base.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
        case .int32: unsafe Int(base.loadUnaligned(fromByteOffset: index &* 4, as: Int32.self))
        case .int: unsafe base.loadUnaligned(fromByteOffset: index &* 8, as: Int.self)
        }
    }

    /// The numbers from `index` on as they are stored, if numbers below 2^31 have the form of a `UInt32`.
    func place(_ index: Int) -> UnsafePointer<UInt32>? {
        switch unsafe storage {
        case .uint32, .int32: unsafe base.map { unsafe $0.assumingMemoryBound(to: UInt32.self) + index }
        case .uint8, .uint16, .int: nil
        }
    }

    /// Whether any of the numbers is not the number of a group.
    func hasNumberOutside(_ groupCount: Int, _ range: Range<Int>) -> Bool {
        // A negative number is a large one without its sign.
        if let numbers = unsafe place(range.lowerBound) {
            var largest: UInt32 = 0
            for index in 0..<range.count { unsafe largest = max(largest, numbers[index]) }
            return !range.isEmpty && Int(largest) >= groupCount
        }
        return range.contains { unsafe UInt(bitPattern: number($0)) >= UInt(bitPattern: groupCount) }
    }
}

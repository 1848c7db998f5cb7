import Foundation

package enum Memory {
    /// Whether so many bytes can be had, for an array that is about to be made: Swift ends a program that asks for more
    /// than there is, with a message that names no file. (Another thread may take them in between; none here does.)
    package static func check(bytes: Int, for purpose: @autoclosure () -> String) throws {
        // Less is had from what is free already, and is not worth a call of the system.
        guard bytes >= 1 << 20 else { return }
        guard let memory = unsafe malloc(bytes) else {
            throw ToolError("\(purpose()): not enough memory, \(bytes >> 20) MiB are needed")
        }
        unsafe free(memory)
    }
}

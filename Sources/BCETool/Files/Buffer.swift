// SPDX-License-Identifier: Apache-2.0

/// Memory for elements of a file. A file may ask for more memory than is available. With a buffer that is an error
/// which names the file; an array would end the process.
///
/// Threads that use a buffer concurrently must access different elements.
@safe
final class Buffer<Element: BitwiseCopyable>: @unchecked Sendable {
    private let memory: UnsafeMutableBufferPointer<Element>

    /// Allocates room for `count` elements, whose values are uninitialised.
    init(count: Int, for path: FilePath) throws {
        let (byteCount, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        var address: UnsafeMutableRawPointer?
        // 64 bytes: a cache line, and the widest vector.
        guard !overflows, unsafe posix_memalign(&address, 64, max(64, byteCount)) == 0,
            let address = unsafe address
        else {
            throw ToolError(
                "\(path): not enough memory for \(overflows ? "\(count) elements" : "\(byteCount) bytes")")
        }
        unsafe memory = UnsafeMutableBufferPointer(
            start: address.bindMemory(to: Element.self, capacity: count), count: count)
    }

    deinit { unsafe free(memory.baseAddress) }

    var count: Int { unsafe memory.count }

    /// Valid as long as the buffer is.
    @unsafe var baseAddress: UnsafeMutablePointer<Element> { unsafe memory.baseAddress! }

    subscript(_ index: Int) -> Element {
        get { unsafe memory[index] }
        set { unsafe memory[index] = newValue }
    }

    /// Calls `body` with the elements of `range`. The methods below work in the same way.
    func withSpan<R>(_ range: Range<Int>, _ body: (Span<Element>) throws -> R) rethrows -> R {
        defer { withExtendedLifetime(self) {} }
        let elements = unsafe UnsafeBufferPointer(rebasing: memory[range])
        return try body(unsafe elements.span)
    }

    func withMutableSpan<R>(
        _ range: Range<Int>, _ body: (consuming MutableSpan<Element>) throws -> R
    ) rethrows -> R {
        defer { withExtendedLifetime(self) {} }
        let elements = unsafe UnsafeMutableBufferPointer(rebasing: memory[range])
        return try body(unsafe elements.mutableSpan)
    }

    func withBytes<R>(_ body: (UnsafeRawPointer) throws -> R) rethrows -> R {
        defer { withExtendedLifetime(self) {} }
        return try unsafe body(UnsafeRawPointer(memory.baseAddress!))
    }

    func withMutableBytes<R>(
        _ range: Range<Int>, _ body: (UnsafeMutableRawBufferPointer) throws -> R
    ) rethrows -> R {
        defer { withExtendedLifetime(self) {} }
        let elements = unsafe UnsafeMutableBufferPointer(rebasing: memory[range])
        return try unsafe body(UnsafeMutableRawBufferPointer(elements))
    }
}

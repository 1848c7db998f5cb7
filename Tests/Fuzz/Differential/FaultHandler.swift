// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reports which case was running when the process received a signal: a fault, a trap, or the alarm for a case that
/// takes too long. A signal handler may do very little, so the text is prepared before each case.
enum FaultHandler {
    /// The time in seconds that a case may take.
    private static let patience: UInt32 = 5

    nonisolated(unsafe) private static let text = UnsafeMutablePointer<CChar>.allocate(capacity: 256)
    nonisolated(unsafe) private static let length = UnsafeMutablePointer<Int>.allocate(capacity: 1)

    static func install() {
        text.initialize(repeating: 0, count: 256)
        length.initialize(to: 0)
        var stack = stack_t()
        stack.ss_size = 1 << 16
        stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: stack.ss_size, alignment: 16)
        sigaltstack(&stack, nil)
        for signal in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGALRM] {
            var action = sigaction()
            let handler: @convention(c) (Int32) -> Void = { FaultHandler.report($0) }
            #if canImport(Glibc)
                action.__sigaction_handler.sa_handler = handler
            #else
                action.__sigaction_u.__sa_handler = handler
            #endif
            action.sa_flags = Int32(SA_ONSTACK)
            sigaction(signal, &action, nil)
        }
    }

    /// To be called before each case.
    static func begin(seed: UInt64, number: UInt64) {
        alarm(patience)
        var writer = TextWriter(text, capacity: 256)
        writer.add("\nstopped by a signal (14: took more than 5 s) in: --seed ")
        writer.add(seed)
        writer.add(" --case ")
        writer.add(number)
        writer.add(", signal ")
        length.pointee = writer.count
    }

    private static func report(_ signal: Int32) {
        var writer = TextWriter(text, capacity: 256)
        writer.count = length.pointee
        writer.add(UInt64(signal))
        writer.add("\n")
        _ = write(2, text, writer.count)
        _exit(70)
    }
}

/// Appends to a buffer without allocating memory.
private struct TextWriter {
    private let text: UnsafeMutablePointer<CChar>
    private let capacity: Int
    var count = 0

    init(_ text: UnsafeMutablePointer<CChar>, capacity: Int) {
        (self.text, self.capacity) = (text, capacity)
    }

    mutating func add(_ string: StaticString) {
        for index in 0..<min(string.utf8CodeUnitCount, capacity - count) {
            text[count + index] = CChar(bitPattern: string.utf8Start[index])
        }
        count = min(capacity, count + string.utf8CodeUnitCount)
    }

    mutating func add(_ number: UInt64) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0, count < capacity {
            text[count] = CChar(48 + number / divisor % 10)
            count += 1
            divisor /= 10
        }
    }
}

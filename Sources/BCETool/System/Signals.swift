// SPDX-License-Identifier: Apache-2.0

/// The reader of standard output has gone. The tool then ends as other programs do: silently, by SIGPIPE. It must
/// remove its temporary files first, so the signal itself is ignored.
struct BrokenPipe: Error {
    /// Whether the signal was already ignored when the tool started: in that case this is an error like any other.
    static let wasIgnored = unsafe unsafeBitCast(signal(SIGPIPE, SIG_IGN), to: Int.self) == ignored

    /// Calls `body`, which replaces this process with another program and returns only if that fails.
    static func restored<R>(for body: () -> R) -> R {
        if !wasIgnored { _ = signal(SIGPIPE, SIG_DFL) }
        defer { _ = signal(SIGPIPE, SIG_IGN) }
        return body()
    }
}

private let ignored = unsafe unsafeBitCast(SIG_IGN, to: Int.self)

enum Signals {
    /// Turns some signals into errors of `write`: a reader that has gone, and a file that exceeds the size limit.
    static func prepare() {
        // The first access ignores the signal.
        _ = BrokenPipe.wasIgnored
        _ = signal(SIGXFSZ, SIG_IGN)
    }

    /// Ends the process as the signal would have done without a handler.
    static func die(of number: Int32) -> Never {
        _ = signal(number, SIG_DFL)
        var only = set([number])
        unsafe pthread_sigmask(SIG_UNBLOCK, &only, nil)
        raise(number)
        // The first process in a container cannot be ended by its own signals.
        _exit(128 + number)
    }

    /// From now on, a signal that would end the process is passed to a thread that calls `end`, which may take locks
    /// and time, as no handler may. Signals that are ignored, such as SIGHUP under `nohup`, remain ignored.
    ///
    /// The signals are forwarded by a handler rather than blocked by a mask: OpenBLAS starts its threads before `main`,
    /// and they would receive the signals that this thread blocks.
    static func watch(end: @escaping @Sendable (Int32) -> Never) throws {
        let numbers = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU].filter { number in
            var action = sigaction()
            unsafe sigaction(number, nil, &action)
            return action.handlerAddress == 0
        }
        let all = numbers + [SIGABRT]
        var watched = set(all)
        var before = sigset_t()
        unsafe pthread_sigmask(SIG_BLOCK, &watched, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try startWatcher(Watch(numbers: all, end: end))
        for number in numbers { handle(number, SA_RESTART) { passOn($0) } }
        // An allocation failed, and the runtime has already reported it. The thread that aborts may hold the lock that
        // `end` takes, so it waits for a moment, but not forever.
        handle(SIGABRT, Int32(bitPattern: UInt32(SA_RESETHAND))) { number in
            passOn(number)
            sleep(2)
        }
    }

    private static func handle(_ number: Int32, _ flags: Int32, _ handler: @convention(c) (Int32) -> Void) {
        var action = sigaction()
        #if os(Linux)
            unsafe action.__sigaction_handler.sa_handler = handler
        #else
            unsafe action.__sigaction_u.__sa_handler = handler
        #endif
        action.sa_flags = flags
        unsafe sigaction(number, &action, nil)
    }

    fileprivate static func set(_ numbers: [Int32]) -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in numbers { unsafe sigaddset(&set, number) }
        return set
    }
}

/// The thread to which handlers forward signals. It is written once, before any handler is installed, and is read
/// without a runtime check.
@exclusivity(unchecked) nonisolated(unsafe) private var watcher: pthread_t?

/// Everything that a handler does.
private func passOn(_ number: Int32) {
    if let watcher = unsafe watcher { _ = pthread_kill(watcher, number) }
}

private final class Watch: Sendable {
    let numbers: [Int32]
    let end: @Sendable (Int32) -> Never

    init(numbers: [Int32], end: @escaping @Sendable (Int32) -> Never) {
        (self.numbers, self.end) = (numbers, end)
    }

    func run() -> Never {
        var watched = Signals.set(numbers)
        var number: Int32 = 0
        while unsafe sigwait(&watched, &number) != 0 {}
        end(number)
    }
}

private func startWatcher(_ watch: Watch) throws {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    // The usual 8 MiB may be all that a memory limit leaves.
    unsafe pthread_attr_setstacksize(&attributes, 256 << 10)
    #if os(Linux)
        var thread = pthread_t()
    #else
        var thread: pthread_t?
    #endif
    let code = unsafe pthread_create(
        &thread, &attributes,
        { pointer in
            #if os(Linux)
                let pointer = unsafe pointer!
            #endif
            unsafe Unmanaged<Watch>.fromOpaque(pointer).takeRetainedValue().run()
        }, Unmanaged.passRetained(watch).toOpaque())
    guard code == 0 else { throw ToolError("cannot start a thread: \(SystemError(code).reason)") }
    unsafe watcher = thread
}

extension sigaction {
    fileprivate var handlerAddress: Int {
        #if os(Linux)
            unsafe unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self)
        #else
            unsafe unsafeBitCast(__sigaction_u.__sa_handler, to: Int.self)
        #endif
    }
}

import Foundation

/// The reader of standard output has gone. The tool ends as others do then: silently, of SIGPIPE. It does so only when
/// its temporary files are removed, so the signal itself is ignored.
struct BrokenPipe: Error {
    /// Whether the signal was ignored already when the tool began: then this is an error like any other.
    static let wasIgnored = unsafe unsafeBitCast(signal(SIGPIPE, SIG_IGN), to: Int.self) == ignored

    /// For a program that takes this one's place.
    static func restore() {
        if !wasIgnored { _ = signal(SIGPIPE, SIG_DFL) }
    }
}

private let ignored = unsafe unsafeBitCast(SIG_IGN, to: Int.self)

enum Signals {
    /// Makes what some signals say an error of `write`: a reader that has gone, a file beyond the limit on sizes.
    static func prepare() {
        _ = BrokenPipe.wasIgnored
        _ = signal(SIGXFSZ, SIG_IGN)
    }

    /// Ends the process as the signal would have without a handler.
    static func die(of number: Int32) -> Never {
        _ = signal(number, SIG_DFL)
        var only = set([number])
        unsafe pthread_sigmask(SIG_UNBLOCK, &only, nil)
        raise(number)
        // The first process of a container is not ended by its own signals.
        _exit(128 + number)
    }

    /// From now on a signal that would end the process is passed to a thread that calls `end`, which may take locks and
    /// time as no handler may. Signals that are ignored, as SIGHUP under `nohup`, stay so.
    ///
    /// A handler passes them on, rather than a mask: OpenBLAS starts its threads before `main`, and they would take what
    /// this thread blocks.
    static func watch(end: @escaping @Sendable (Int32) -> Never) throws {
        let numbers = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU].filter { number in
            var action = sigaction()
            unsafe sigaction(number, nil, &action)
            return action.handlerAddress == 0
        }
        var watched = set(numbers)
        var before = sigset_t()
        unsafe pthread_sigmask(SIG_BLOCK, &watched, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try startWatcher(Watch(numbers: numbers, end: end))
        for number in numbers {
            var action = sigaction()
            action.passOn()
            action.sa_flags = Int32(SA_RESTART)
            unsafe sigaction(number, &action, nil)
        }
    }

    fileprivate static func set(_ numbers: [Int32]) -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in numbers { unsafe sigaddset(&set, number) }
        return set
    }
}

/// Who the handler passes signals on to. Written once, before there is a handler.
nonisolated(unsafe) private var watcher: pthread_t?

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
    // The usual 8 MiB may be all that a limit on memory leaves.
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
    #if os(Linux)
        fileprivate var handlerAddress: Int {
            unsafe unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self)
        }

        fileprivate mutating func passOn() {
            unsafe __sigaction_handler.sa_handler = { number in _ = unsafe pthread_kill(watcher!, number) }
        }
    #else
        fileprivate var handlerAddress: Int { unsafe unsafeBitCast(__sigaction_u.__sa_handler, to: Int.self) }

        fileprivate mutating func passOn() {
            unsafe __sigaction_u.__sa_handler = { number in _ = unsafe pthread_kill(watcher!, number) }
        }
    #endif
}

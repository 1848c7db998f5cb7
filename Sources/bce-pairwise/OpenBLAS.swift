import BCETool
import CBLAS
import Foundation

/// OpenBLAS waits for ever for memory that it does not get, and for threads that did not start.
enum OpenBLAS {
    private static let variable = "OPENBLAS_NUM_THREADS"

    /// Each of its threads takes this much as soon as it starts, and the calling one at the first product: 128 MiB on
    /// x86-64 in version 0.3. Some more, for what the library allocates itself.
    private static let memory = 144 << 20

    /// Begins the program anew with one thread where memory is limited, or where one could not be started, which
    /// OpenBLAS tells nobody.
    static func prepare() throws {
        let threads = openblas_get_num_threads()
        guard threads > 1, unsafe getenv(variable).map({ unsafe String(cString: $0) }) != "1" else { return }
        var limit = rlimit()
        let isLimited = unsafe getrlimit(resource, &limit) == 0 && limit.rlim_cur < rlim_t(Int64.max)
        if isLimited || startedThreads < threads { throw try Program.restart(with: variable, "1") }
    }

    /// To be called when everything else is allocated.
    static func checkMemory() throws {
        try Memory.check(bytes: memory, for: "OpenBLAS")
    }

    #if os(Linux)
        private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_AS.rawValue) }

        private static var startedThreads: Int {
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? .max
        }
    #else
        private static var resource: Int32 { RLIMIT_AS }
        private static var startedThreads: Int { .max }
    #endif
}

// SPDX-License-Identifier: Apache-2.0

import BCETool
import CBLAS
import Foundation

/// OpenBLAS waits for ever for memory that it does not get, and for threads that did not start.
enum OpenBLAS {
    /// Each of its threads takes this much as soon as it starts, and the calling one at the first product: 128 MiB on
    /// x86-64 in version 0.3. Some more, for what the library allocates itself.
    private static let memory = 144 << 20

    /// Begins the program anew with one thread where memory is limited, which `bce` sees before it starts this program,
    /// or where one could not be started, which OpenBLAS tells nobody.
    static func prepare() throws {
        let threads = openblas_get_num_threads()
        let (variable, value) = PairwiseOptions.oneThread
        guard threads > 1, unsafe getenv(variable).map({ unsafe String(cString: $0) }) != value else {
            return
        }
        if Memory.isLimited || startedThreads < threads {
            throw try Program.restart(with: variable, value)
        }
    }

    /// To be called when everything else is allocated.
    static func checkMemory() throws {
        try Memory.check(bytes: memory, for: "OpenBLAS")
    }

    private static var startedThreads: Int {
        #if os(Linux)
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? .max
        #else
            .max
        #endif
    }
}

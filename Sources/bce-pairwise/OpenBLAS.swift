// SPDX-License-Identifier: Apache-2.0

import BCETool
import CrossEntropyBLAS
import CrossEntropyCBLAS
import Foundation

/// What OpenBLAS decides before `main`, from the environment and the CPU, and decides wrongly on some machines.
enum OpenBLAS {
    /// Each of its threads takes this much as soon as it starts, and the calling one at the first product: 128 MiB on
    /// x86-64 in version 0.3. Some more, for what the library allocates itself.
    private static let memory = 144 << 20

    /// Begins the program anew, at most once for each setting, where OpenBLAS should have other settings. Says so where
    /// it stays slower than the CPU allows: because the user wants it so, or because no setting helps.
    static func prepare() throws {
        let core = OpenBLASCore.loaded()
        let coreType = core?.betterCoreType.map { (variable: OpenBLASCore.variable, value: $0) }
        if needsOneThread {
            throw try Program.restart(with: [PairwiseOptions.oneThread] + [coreType].compactMap(\.self))
        }
        // Better kernels only save time: where the program cannot be started again, it goes on with those it has.
        if let coreType { _ = try? Program.restart(with: [coreType]) }
        if let advice = core?.advice { Message.write("Note: " + advice) }
    }

    /// It waits for ever for memory that it does not get, and for threads that did not start: memory is limited, which
    /// `bce` sees before it starts this program, or a thread could not be started, which OpenBLAS does not report.
    private static var needsOneThread: Bool {
        let threads = openblas_get_num_threads()
        let (variable, value) = PairwiseOptions.oneThread
        guard threads > 1, unsafe getenv(variable).map({ unsafe String(cString: $0) }) != value else {
            return false
        }
        return Memory.isLimited || startedThreads < threads
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

// SPDX-License-Identifier: Apache-2.0

import BCETool
import CrossEntropyBLAS
import CrossEntropyCBLAS
import Foundation

/// Settings that OpenBLAS chooses before `main`, from the environment and the CPU, and chooses wrongly on some
/// machines.
enum OpenBLAS {
    /// Each OpenBLAS thread allocates this much as soon as it starts, and the calling thread does so at the first
    /// product: 128 MiB on x86-64 in version 0.3, plus a margin for what the library allocates itself.
    private static let memory = 144 << 20

    /// Restarts the program, at most once for each setting, if OpenBLAS should run with other settings. Prints a note
    /// if OpenBLAS remains slower than the CPU allows, either because the user asked for that or because no setting
    /// helps.
    static func prepare() throws {
        let core = OpenBLASCore.loaded()
        let coreType = core?.betterCoreType.map { (variable: OpenBLASCore.variable, value: $0) }
        if needsOneThread {
            throw try Program.restart(with: PairwiseOptions.limitedMemory + [coreType].compactMap(\.self))
        }
        // Better kernels only save time, so if the program cannot be restarted, it continues with the kernels it has.
        if let coreType { _ = try? Program.restart(with: [coreType]) }
        if let advice = core?.advice { Message.write("Note: " + advice) }
    }

    /// OpenBLAS waits forever for memory that it cannot get, and for threads that did not start. Either memory is
    /// limited, which `bce` detects before it starts this program, or a thread could not be started, which OpenBLAS
    /// does not report.
    private static var needsOneThread: Bool {
        let threads = openblas_get_num_threads()
        let (variable, value) = PairwiseOptions.oneThread
        guard threads > 1, unsafe getenv(variable).map({ unsafe String(cString: $0) }) != value else {
            return false
        }
        return Memory.isLimited || startedThreads < threads
    }

    /// To be called once everything else has been allocated. OpenBLAS then allocates its memory at once, in a product of
    /// two numbers, before threads that start later take some, too.
    static func takeMemory() throws {
        try Memory.check(bytes: memory, for: "OpenBLAS")
        var product = 0.0
        unsafe cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, 1, 1, 1, [1.0], 1, 0, &product, 1)
    }

    private static var startedThreads: Int {
        #if os(Linux)
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? .max
        #else
            .max
        #endif
    }
}

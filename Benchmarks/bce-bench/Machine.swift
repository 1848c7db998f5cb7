// SPDX-License-Identifier: Apache-2.0

import CrossEntropyBLAS
import CrossEntropyKernels
import Foundation

/// The properties of the machine on which the results depend.
struct Machine: Encodable {
    let cpu: String
    let cores: Int
    let memoryGiB: Int
    let system: String
    let lastLevelCacheMiB: Int
    /// The level used for the rows named `vector`.
    let level: String
    let levels: [String]
    /// OpenBLAS's name for the CPU for which it chose its kernels.
    let blas: String
    /// What to do if those kernels are not the fastest for this CPU.
    let blasAdvice: String?
    /// `release` or `debug`.
    let configuration: String

    init() {
        let info = ProcessInfo.processInfo
        cpu = Self.cpuName ?? "unknown CPU"
        cores = info.activeProcessorCount
        memoryGiB = Int((Double(info.physicalMemory) / 0x1p30).rounded())
        lastLevelCacheMiB = Self.lastLevelCache >> 20
        system = info.operatingSystemVersionString
        level = (KernelLevel.requested.level ?? .best).rawValue
        levels = KernelLevel.available.map(\.rawValue)
        let core = OpenBLASCore.loaded()
        blas = core?.name ?? "not OpenBLAS"
        blasAdvice = core?.advice
        configuration = Self.isDebugBuild ? "debug" : "release"
    }

    /// Only the compiler knows this.
    static var isDebugBuild: Bool { _isDebugAssertConfiguration() }

    /// The size in bytes of the largest cache that the first core sees, or 64 MiB if the system does not report it.
    static let lastLevelCache: Int = {
        let folder = "/sys/devices/system/cpu/cpu0/cache"
        let sizes = (0..<8).compactMap { index -> Int? in
            let text = try? String(contentsOfFile: "\(folder)/index\(index)/size", encoding: .utf8)
            return text.flatMap { Int($0.prefix { $0.isNumber }) }
        }
        return (sizes.max() ?? 65536) << 10
    }()

    private static var cpuName: String? {
        let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        let line = text?.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// An instruction-set level that the kernels are compiled for; on arm64 there is one, NEON, called baseline.
package enum KernelLevel: String, CaseIterable, Comparable, Sendable {
    case baseline, avx2, avx512

    package static func < (a: Self, b: Self) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }

    /// The highest level that both the CPU and the operating system support.
    package static let best: KernelLevel = {
        #if arch(x86_64)
            if vk_has_avx512() != 0 { return .avx512 }
            if vk_has_avx2() != 0 { return .avx2 }
        #endif
        return .baseline
    }()

    var instructionSet: InstructionSet {
        switch self {
        case .baseline: .baseline
        case .avx2: .avx2
        case .avx512: .avx512
        }
    }

    package static var available: [KernelLevel] { allCases.filter { $0 <= best } }

    /// The environment variable that lowers the level, for tests and comparisons.
    package static let variable = "CROSS_ENTROPY_ISA"

    /// The level that `CROSS_ENTROPY_ISA` asks for, read once; nil if that level is not available here.
    package static let requested: (text: String, level: KernelLevel?) = {
        guard let value = getenv(variable) else { return (best.rawValue, best) }
        let text = String(cString: value)
        let level = KernelLevel(rawValue: text)
        return (text, level.flatMap { $0 <= best ? $0 : nil })
    }()
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCBLAS
internal import CrossEntropyKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The CPU for which OpenBLAS selected its kernels when it was loaded, and whether they make full use of the actual
/// CPU.
///
/// OpenBLAS identifies CPUs by their model numbers. A version that is older than the CPU may fall back to kernels for a
/// much older one: 0.3.21 selects its SSE3 kernels (Prescott) on an Emerald Rapids, where matrix products then take
/// five times as long as with its AVX-512 kernels (SkylakeX). There is no other sign of this. The selection is made
/// before `main`, and only an environment variable changes it:
///
///     if let advice = OpenBLASCore.loaded()?.advice { print(advice) }
public struct OpenBLASCore: Sendable, Equatable {
    /// The environment variable that selects the kernels, if OpenBLAS has those of more than one CPU.
    public static let variable = "OPENBLAS_CORETYPE"

    /// OpenBLAS's name for the CPU, such as `Haswell`, `Zen` or `SkylakeX`.
    public let name: String

    /// Whether the kernels use the widest vectors that this library would use on this CPU: AVX-512, or AVX2 with fused
    /// multiply-adds. True for names that this library does not know, and on CPUs with neither.
    public let isFastest: Bool

    /// The value of `OPENBLAS_CORETYPE` that makes products faster when the process is restarted with it; nil if there
    /// is none, or if the variable is already set, which is the user's decision.
    public let betterCoreType: String?

    /// The problem and its remedy, as one sentence for users; nil if `isFastest`.
    public let advice: String?

    /// The OpenBLAS that was loaded into this process; nil if CBLAS is not OpenBLAS.
    public static func loaded() -> OpenBLASCore? {
        guard let name = unsafe cblas_core_name(), let configuration = unsafe cblas_configuration() else {
            return nil
        }
        return unsafe OpenBLASCore(
            name: String(cString: name), configuration: String(cString: configuration),
            coreType: getenv(variable).map { unsafe String(cString: $0) }, cpu: .best)
    }

    /// - Parameters:
    ///   - configuration: what `openblas_get_config` returns.
    ///   - coreType: the value of `OPENBLAS_CORETYPE`; nil if it is not set.
    init(name: String, configuration: String, coreType: String?, cpu: KernelLevel) {
        self.name = name
        guard let better = Self.coreType(for: cpu), let level = Self.level(ofCore: name), level < cpu else {
            (isFastest, betterCoreType, advice) = (true, nil, nil)
            return
        }
        isFastest = false
        let isChosenAtRunTime = configuration.split(separator: " ").contains("DYNAMIC_ARCH")
        betterCoreType = isChosenAtRunTime && coreType == nil ? better : nil
        let cure =
            if !isChosenAtRunTime {
                "it has no others; install a build with DYNAMIC_ARCH"
            } else if coreType?.lowercased() == better.lowercased() {
                "\(Self.variable)=\(better) has not changed that; install a newer version"
            } else {
                "set \(Self.variable)=\(better) in the environment"
            }
        advice = "OpenBLAS uses its kernels for \(name), which are slower than this CPU allows; \(cure)"
    }

    /// The first core with kernels for `cpu`; every later one can run them too.
    private static func coreType(for cpu: KernelLevel) -> String? {
        switch cpu {
        case .baseline: nil
        case .avx2: "Haswell"
        case .avx512: "SkylakeX"
        }
    }

    /// The level that the kernels for a core use; nil for other names, such as those of newer CPUs. The names are those
    /// in OpenBLAS's driver/others/dynamic.c; a build for a single CPU writes them in capitals.
    private static func level(ofCore name: String) -> KernelLevel? {
        switch name.lowercased() {
        case "skylakex", "cooperlake", "sapphirerapids":
            .avx512
        case "haswell", "zen", "excavator":
            .avx2
        case "generic", "katmai", "coppermine", "northwood", "prescott", "banias", "atom", "core2", "penryn",
            "dunnington", "nehalem", "athlon", "opteron", "opteron_sse3", "barcelona", "nano", "sandybridge",
            "bobcat", "bulldozer", "piledriver", "steamroller":
            .baseline
        default:
            nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropyKernels
import XCTest

@testable import CrossEntropyBLAS

/// The assessment of the name of a core on CPUs of every level, independently of this machine.
final class OpenBLASCoreTests: XCTestCase {
    private static let configuration =
        "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Prescott MAX_THREADS=64"

    /// All names in version 0.3.21, and the one that later versions add.
    private static let names: [KernelLevel: [String]] = [
        .baseline: [
            "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Atom", "Core2", "Penryn",
            "Dunnington", "Nehalem", "Athlon", "Opteron", "Opteron_SSE3", "Barcelona", "Nano", "Sandybridge",
            "Bobcat",
            "Bulldozer", "Piledriver", "Steamroller",
        ],
        .avx2: ["Haswell", "Excavator", "Zen"],
        .avx512: ["SkylakeX", "Cooperlake", "SapphireRapids"],
    ]

    private func core(
        _ name: String, on cpu: KernelLevel, coreType: String? = nil, configuration: String = configuration
    ) -> OpenBLASCore {
        OpenBLASCore(name: name, configuration: configuration, coreType: coreType, cpu: cpu)
    }

    func test_core_everyNameOnEveryCPU_isFastestUnlessBelowTheCPU() {
        for (level, names) in Self.names {
            for name in names {
                for cpu in KernelLevel.allCases {
                    for spelling in [name, name.uppercased()] {
                        let core = core(spelling, on: cpu)
                        XCTAssertEqual(core.name, spelling)
                        XCTAssertEqual(core.isFastest, level >= cpu, "\(spelling) on \(cpu)")
                        XCTAssertEqual(core.advice == nil, core.isFastest, "\(spelling) on \(cpu)")
                    }
                }
            }
        }
    }

    func test_core_unknownName_isFastest() {
        for name in ["Unknown", "DiamondRapids", "armv8", ""] {
            XCTAssert(core(name, on: .avx512).isFastest, name)
        }
    }

    func test_core_belowTheCPU_namesTheCoreTypeThatHelps() {
        for (name, cpu, better) in [
            ("Prescott", KernelLevel.avx2, "Haswell"), ("Barcelona", .avx512, "SkylakeX"),
            ("Haswell", .avx512, "SkylakeX"), ("Zen", .avx512, "SkylakeX"),
        ] {
            let core = core(name, on: cpu)
            XCTAssertEqual(core.betterCoreType, better)
            XCTAssertEqual(
                core.advice,
                "OpenBLAS uses its kernels for \(name), which are slower than this CPU allows; "
                    + "set OPENBLAS_CORETYPE=\(better) in the environment")
            XCTAssert(self.core(better, on: cpu, coreType: better).isFastest)
        }
    }

    func test_core_fastest_asksForNothing() {
        for name in ["Haswell", "Zen", "SkylakeX"] {
            XCTAssertNil(core(name, on: .avx2).betterCoreType)
        }
        XCTAssertNil(core("Prescott", on: .baseline).betterCoreType)
    }

    /// An empty value is a choice, too: a program that restarts itself must stop doing so at some point.
    func test_core_coreTypeOfTheUser_isKept() {
        for coreType in ["Prescott", "Core2", ""] {
            let core = core("Prescott", on: .avx2, coreType: coreType)
            XCTAssertNil(core.betterCoreType)
            XCTAssertEqual(core.advice?.hasSuffix("; set OPENBLAS_CORETYPE=Haswell in the environment"), true)
        }
    }

    func test_core_coreTypeWithoutEffect_advisesANewerVersion() {
        for coreType in ["SkylakeX", "SKYLAKEX"] {
            let core = core("Haswell", on: .avx512, coreType: coreType)
            XCTAssertNil(core.betterCoreType)
            XCTAssertEqual(
                core.advice?.hasSuffix(
                    "; OPENBLAS_CORETYPE=SkylakeX has not changed that; install a newer version"), true)
        }
    }

    func test_core_builtForOneCPU_advisesAnotherBuild() {
        let core = core(
            "SANDYBRIDGE", on: .avx2, configuration: "OpenBLAS 0.3.7 NO_AFFINITY SANDYBRIDGE MAX_THREADS=64")
        XCTAssertNil(core.betterCoreType)
        XCTAssertEqual(
            core.advice?.hasSuffix("; it has no others; install a build with DYNAMIC_ARCH"), true)
    }

    func test_loaded_itsCoreType_isNotItself() throws {
        let core = try XCTUnwrap(OpenBLASCore.loaded())
        XCTAssertFalse(core.name.isEmpty)
        XCTAssertNotEqual(core.betterCoreType, core.name)
        XCTAssertEqual(core.advice == nil, core.isFastest)
    }
}

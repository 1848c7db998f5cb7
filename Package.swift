// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Kernels, and the loop over tiles that calls them, are compiled optimised in every configuration: a debug
/// build of a program that trains a model must not be forty times slower in its inner loop. SwiftPM accepts the
/// unsafe flag in a versioned dependency because this manifest is at tools version 6.2 or later.
let kernels: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
let checked: [SwiftSetting] = [.strictMemorySafety()]
/// `LossBatch` holds what spans refer to and lives no longer than they.
let lifetimes: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

/// Whether there are harnesses of libFuzzer, and the code that they run is compiled for it: Scripts/fuzz.sh. Kernels are
/// not: that would take minutes, and `differential-fuzz` runs them between guard pages.
let isFuzzed = Context.environment["CROSS_ENTROPY_FUZZ"] != nil
let fuzzed: [SwiftSetting] = isFuzzed ? [.unsafeFlags(["-sanitize=fuzzer,address"])] : []
let libFuzzer: [LinkerSetting] = [
    .unsafeFlags(["-sanitize=fuzzer,address"]),
    // gold ends by an internal error.
    .unsafeFlags(["-use-ld=lld"], .when(platforms: [.linux])),
]

/// Whether another package depends on this one: SwiftPM then reads this manifest from the repository ("/") to resolve
/// versions, and from its `checkouts` folder to build. Such a package gets the library alone, and neither resolves nor
/// builds swift-argument-parser, which only the tools need. (SwiftPM 6.3 does not leave out a dependency that no product
/// in use needs, and a package trait would have to be on for a plain `swift build` here, thus for everybody.)
let isDependency =
    Context.packageDirectory == "/"
    || Context.packageDirectory.split(separator: "/").dropLast().last == "checkouts"

let libraryTargets: [Target] = [
    .target(name: "CrossEntropyCKernels"),
    .target(name: "CrossEntropyVectorMath", dependencies: ["CrossEntropyCKernels"], swiftSettings: kernels),
    .target(
        name: "CrossEntropyKernels", dependencies: ["CrossEntropyVectorMath", "CrossEntropyCKernels"],
        swiftSettings: kernels),
    .target(
        name: "CrossEntropy", dependencies: ["CrossEntropyKernels", "CrossEntropyVectorMath"],
        swiftSettings: kernels + checked + lifetimes + fuzzed),
    .systemLibrary(
        name: "CrossEntropyCBLAS", pkgConfig: "openblas",
        providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(
        name: "CrossEntropyBLAS",
        dependencies: ["CrossEntropy", "CrossEntropyKernels", "CrossEntropyVectorMath", "CrossEntropyCBLAS"],
        swiftSettings: kernels + checked + lifetimes),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let toolTargets: [Target] = [
    .target(name: "NaiveCrossEntropy"),
    .target(
        name: "BCETool", dependencies: ["CrossEntropy", argumentParser], swiftSettings: checked + fuzzed),
    .executableTarget(name: "bce", dependencies: ["BCETool"], swiftSettings: checked),
    // `bce pairwise` starts it; the other commands are not linked with OpenBLAS.
    .executableTarget(
        name: "bce-pairwise",
        dependencies: ["BCETool", "CrossEntropyBLAS", "CrossEntropyCBLAS", argumentParser],
        swiftSettings: checked),
    .target(name: "MultiplyAdd", path: "Benchmarks/MultiplyAdd"),
    .executableTarget(
        name: "bce-bench",
        dependencies: [
            "CrossEntropyBLAS", "CrossEntropyKernels", "NaiveCrossEntropy", "MultiplyAdd",
            "CrossEntropyCBLAS", argumentParser,
        ],
        path: "Benchmarks/bce-bench"),
    // Forks, small stacks and few cores, which a test cannot have in its own process.
    .executableTarget(name: "library-stress", dependencies: ["CrossEntropy"], path: "Tests/Stress"),
    .executableTarget(name: "bce-peer", dependencies: ["CrossEntropyBLAS"], path: "Benchmarks/bce-peer"),
]

/// Random calls of the library beside its documented formulas, part of `make fuzz`.
let fuzzTargets: [Target] = [
    .target(name: "TestSupport", dependencies: ["CrossEntropy"], path: "Tests/TestSupport"),
    .executableTarget(
        name: "differential-fuzz",
        dependencies: ["CrossEntropy", "CrossEntropyKernels", "TestSupport", argumentParser],
        path: "Tests/Fuzz/Differential"),
]

let libFuzzerTargets: [Target] = [
    .target(name: "LibFuzzer", path: "Tests/Fuzz/LibFuzzer"),
    .executableTarget(
        name: "fuzz-accumulator", dependencies: ["CrossEntropy", "LibFuzzer"], path: "Tests/Fuzz/Accumulator",
        swiftSettings: fuzzed, linkerSettings: libFuzzer),
    .executableTarget(
        name: "fuzz-file-readers", dependencies: ["BCETool", "LibFuzzer"], path: "Tests/Fuzz/FileReaders",
        swiftSettings: fuzzed, linkerSettings: libFuzzer),
]

let testTargets: [Target] = [
    .testTarget(
        name: "CrossEntropyVectorMathTests", dependencies: ["CrossEntropyVectorMath", "CrossEntropyCKernels"]),
    .testTarget(
        name: "CrossEntropyKernelsTests",
        dependencies: ["CrossEntropyKernels", "CrossEntropyVectorMath", "TestSupport"]),
    .testTarget(
        name: "CrossEntropyTests",
        dependencies: [
            "CrossEntropy", "CrossEntropyKernels", "NaiveCrossEntropy", "CrossEntropyCBLAS", "TestSupport",
        ],
        exclude: ["Fixtures"]),
    .testTarget(name: "StressTests", dependencies: ["CrossEntropy", "library-stress"]),
    .testTarget(
        name: "CrossEntropyBLASTests",
        dependencies: ["CrossEntropyBLAS", "CrossEntropyKernels", "TestSupport"]),
    .testTarget(name: "BCEToolTests", dependencies: ["bce", "bce-pairwise"]),
]

/// A malloc that counts; not under a sanitizer, which has a malloc of its own (`make sanitize`).
let allocationTargets: [Target] = [
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .testTarget(name: "AllocationTests", dependencies: ["AllocationCounter", "CrossEntropyBLAS"]),
]
let isSanitized = Context.environment["CROSS_ENTROPY_SANITIZE"] != nil

/// What a dependent of the package never sees.
let ownTargets =
    toolTargets + fuzzTargets + testTargets + (isFuzzed ? libFuzzerTargets : [])
    + (isSanitized ? [] : allocationTargets)

let package = Package(
    name: "swift-cross-entropy",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "CrossEntropy", targets: ["CrossEntropy"]),
        // Beside it, for those who have a BLAS: batches that are products of matrices.
        .library(name: "CrossEntropyBLAS", targets: ["CrossEntropyBLAS"]),
    ]
        + (isDependency
            ? []
            : [
                .executable(name: "bce", targets: ["bce"]),
                .executable(name: "bce-pairwise", targets: ["bce-pairwise"]),
            ]),
    dependencies: isDependency
        ? [] : [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")],
    targets: libraryTargets + (isDependency ? [] : ownTargets),
    swiftLanguageModes: [.v6]
)

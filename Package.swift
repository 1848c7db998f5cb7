// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// The kernels, and the loop over tiles that calls them, are compiled with optimisation in every configuration: the
/// inner loop of a program that trains a model must not be forty times slower in a debug build. SwiftPM accepts the
/// unsafe flag in a versioned dependency because this manifest is at tools version 6.2 or later.
let kernels: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
/// The operations on lanes are those of LLVM; see `SixteenLanes`. Swift does not promise that their names stay the same: a
/// new compiler has to be tried before it is supported.
let builtins: [SwiftSetting] = [.enableExperimentalFeature("BuiltinModule")]
let checked: [SwiftSetting] = [.strictMemorySafety()]
/// `LossBatch` holds what its spans refer to and does not outlive them.
let lifetimes: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

/// Whether the libFuzzer harnesses exist and the code that they run is instrumented for libFuzzer; see Scripts/fuzz.sh.
/// The kernels are not instrumented: that would take minutes, and `differential-fuzz` runs them between guard pages.
let isFuzzed = Context.environment["CROSS_ENTROPY_FUZZ"] != nil
let fuzzed: [SwiftSetting] = isFuzzed ? [.unsafeFlags(["-sanitize=fuzzer,address"])] : []
let libFuzzer: [LinkerSetting] = [
    .unsafeFlags(["-sanitize=fuzzer,address"]),
    // gold fails with an internal error.
    .unsafeFlags(["-use-ld=lld"], .when(platforms: [.linux])),
]

/// Whether another package depends on this one. In that case SwiftPM reads this manifest from the repository ("/") to
/// resolve versions, and from its `checkouts` folder to build. Such a package gets only the library, and neither
/// resolves nor builds swift-argument-parser, which only the tools need. (SwiftPM 6.3 does not omit a dependency that
/// no product in use needs, and a package trait would have to be enabled for a plain `swift build` here, and therefore
/// for everyone.)
let isDependency =
    Context.packageDirectory == "/"
    || Context.packageDirectory.split(separator: "/").dropLast().last == "checkouts"

let libraryTargets: [Target] = [
    .target(name: "CrossEntropyCKernels"),
    // A module of its own, because the compiler then inlines functions that have already been optimized. Together with the
    // kernels, their metadata would be left out (117 KB of text), but a dependent would wait 59 s instead of 39 for its
    // build (Zen 4, two cores).
    .target(
        name: "CrossEntropyVectorMath", dependencies: ["CrossEntropyCKernels"],
        swiftSettings: kernels + builtins),
    .target(
        name: "CrossEntropyKernels", dependencies: ["CrossEntropyVectorMath", "CrossEntropyCKernels"],
        swiftSettings: kernels),
    .target(
        name: "CrossEntropy",
        dependencies: ["CrossEntropyKernels", "CrossEntropyVectorMath", "CrossEntropyCKernels"],
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
    .target(name: "CSVBytes"),
    .target(
        name: "BCETool", dependencies: ["CrossEntropy", "CSVBytes", argumentParser],
        swiftSettings: checked + fuzzed),
    .executableTarget(name: "bce", dependencies: ["BCETool"], swiftSettings: checked),
    // Started by `bce pairwise`; the other commands are not linked with OpenBLAS.
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
    // Tests forks, small stacks and few cores, which a test cannot set up in its own process.
    .executableTarget(name: "library-stress", dependencies: ["CrossEntropy"], path: "Tests/Stress"),
    .executableTarget(name: "bce-peer", dependencies: ["CrossEntropyBLAS"], path: "Benchmarks/bce-peer"),
]

/// The archives of the products CrossEntropyC and CrossEntropyBLASC become shared libraries; see
/// Scripts/build-c-library.sh. Nearly every line of their code uses pointers, so marking each use as unsafe would add
/// no information.
let cTargets: [Target] = [
    .target(name: "CrossEntropyCInterface"),
    .target(
        name: "CrossEntropyC",
        dependencies: ["CrossEntropy", "CrossEntropyKernels", "CrossEntropyCInterface"]),
    // A second library, so that the first one is built and used without OpenBLAS.
    .target(name: "CrossEntropyBLASCInterface", dependencies: ["CrossEntropyCInterface"]),
    .target(
        name: "CrossEntropyBLASC",
        dependencies: [
            "CrossEntropyBLAS", "CrossEntropyC", "CrossEntropyKernels", "CrossEntropyBLASCInterface",
        ]),
]

/// Compares random calls of the library with its documented formulas, as part of `make fuzz`.
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
        name: "fuzz-accumulator", dependencies: ["CrossEntropy", "LibFuzzer", "TestSupport"],
        path: "Tests/Fuzz/Accumulator",
        swiftSettings: fuzzed, linkerSettings: libFuzzer),
    .executableTarget(
        name: "fuzz-file-readers", dependencies: ["BCETool", "LibFuzzer"], path: "Tests/Fuzz/FileReaders",
        swiftSettings: fuzzed, linkerSettings: libFuzzer),
]

let testTargets: [Target] = [
    .testTarget(
        name: "CrossEntropyVectorMathTests",
        dependencies: ["CrossEntropyVectorMath", "CrossEntropyCKernels", "TestSupport"]),
    .testTarget(
        name: "CrossEntropyKernelsTests",
        dependencies: ["CrossEntropy", "CrossEntropyKernels", "CrossEntropyVectorMath", "TestSupport"]),
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
    .testTarget(
        name: "BCEToolTests", dependencies: ["bce", "bce-pairwise", "BCETool", "TestSupport"],
        exclude: ["Fixtures"]),
]

/// A malloc that counts allocations. It is left out under a sanitizer, which has its own malloc (`make sanitize`).
let allocationTargets: [Target] = [
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .testTarget(name: "AllocationTests", dependencies: ["AllocationCounter", "CrossEntropyBLAS"]),
]
let isSanitized = Context.environment["CROSS_ENTROPY_SANITIZE"] != nil

/// Targets that a dependent of the package never sees.
let ownTargets =
    toolTargets + cTargets + fuzzTargets + testTargets + (isFuzzed ? libFuzzerTargets : [])
    + (isSanitized ? [] : allocationTargets)

let package = Package(
    name: "swift-cross-entropy",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "CrossEntropy", targets: ["CrossEntropy"]),
        // A separate product, for users who have a BLAS: batches that are products of matrices.
        .library(name: "CrossEntropyBLAS", targets: ["CrossEntropyBLAS"]),
    ]
        + (isDependency
            ? []
            : [
                .executable(name: "bce", targets: ["bce"]),
                .executable(name: "bce-pairwise", targets: ["bce-pairwise"]),
                .library(name: "CrossEntropyC", type: .static, targets: ["CrossEntropyC"]),
                .library(name: "CrossEntropyBLASC", type: .static, targets: ["CrossEntropyBLASC"]),
            ]),
    dependencies: isDependency
        ? [] : [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")],
    targets: libraryTargets + (isDependency ? [] : ownTargets),
    swiftLanguageModes: [.v6]
)

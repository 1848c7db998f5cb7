// swift-tools-version: 6.2

import PackageDescription

/// Kernels, and the loop over tiles that calls them, are compiled optimised in every configuration: a debug
/// build of a program that trains a model must not be forty times slower in its inner loop. SwiftPM accepts the
/// unsafe flag in a versioned dependency because this manifest is at tools version 6.2.
let kernels: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
let checked: [SwiftSetting] = [.strictMemorySafety()]

let package = Package(
    name: "swift-cross-entropy",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "CrossEntropy", targets: ["CrossEntropy"]),
        .executable(name: "bce", targets: ["bce"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        .systemLibrary(
            name: "CBLAS",
            pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .target(name: "CVectorKernels"),
        .target(name: "VectorKernels", dependencies: ["CVectorKernels"], swiftSettings: kernels),
        .target(
            name: "KernelLevels", dependencies: ["VectorKernels", "CVectorKernels"], swiftSettings: kernels),
        .target(name: "CrossEntropy", dependencies: ["KernelLevels"], swiftSettings: kernels + checked),
        .target(name: "NaiveCrossEntropy"),
        .executableTarget(
            name: "bce",
            dependencies: [
                "CrossEntropy", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: checked),
        .executableTarget(
            name: "bce-bench",
            dependencies: [
                "CrossEntropy", "KernelLevels", "NaiveCrossEntropy", "CBLAS",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/bce-bench"),
        .testTarget(name: "VectorKernelsTests", dependencies: ["KernelLevels", "VectorKernels"]),
        .testTarget(
            name: "CrossEntropyTests", dependencies: ["CrossEntropy", "KernelLevels", "NaiveCrossEntropy"]),
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        .testTarget(name: "AllocationTests", dependencies: ["AllocationCounter", "CrossEntropy"]),
        .testTarget(name: "BCEToolTests", dependencies: ["bce"]),
    ],
    swiftLanguageModes: [.v6]
)

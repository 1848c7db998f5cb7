// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
    name: "LogisticRegression",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "swift-cross-entropy", path: "../..")],
    targets: [
        .executableTarget(
            name: "LogisticRegression",
            dependencies: [.product(name: "CrossEntropyBLAS", package: "swift-cross-entropy")])
    ],
    swiftLanguageModes: [.v6]
)

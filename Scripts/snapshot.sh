# SPDX-License-Identifier: Apache-2.0
# To be sourced by scripts in the package's folder: the committed package as a version of a git repository, and packages that
# depend on it.

# version_of_head FOLDER: makes the repository, whose version 1.0.0 is HEAD.
version_of_head() {
    mkdir -p "$1"
    git archive HEAD | tar -x -C "$1"
    git -C "$1" init -q
    git -C "$1" add -A
    git -C "$1" -c user.name=check -c user.email=check@localhost commit -qm "snapshot"
    git -C "$1" tag 1.0.0
}

# dependent_manifest FOLDER REPOSITORY NAME=PRODUCT...: writes Package.swift of a package with these programs, each of which
# uses one product of the repository's version.
dependent_manifest() {
    local folder=$1 repository=$2 program
    shift 2
    {
        cat <<MANIFEST
// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "app",
    platforms: [.macOS(.v26)],
    dependencies: [.package(url: "file://$repository", from: "1.0.0")],
    targets: [
MANIFEST
        for program in "$@"; do
            echo "        .executableTarget(name: \"${program%%=*}\", dependencies: ["
            echo "            .product(name: \"${program#*=}\", package: \"swift-cross-entropy\")]),"
        done
        echo "    ])"
    } >"$folder/Package.swift"
}

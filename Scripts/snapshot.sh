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

# dependent_manifest FOLDER REPOSITORY TARGET...: writes Package.swift of a package whose targets are programs, in which warnings
# are errors, NAME=PRODUCT or NAME=PRODUCT+LIBRARY: each uses one product of the repository's version; or OpenBLAS as a system
# library of the package, NAME=openblas.
dependent_manifest() {
    local folder=$1 repository=$2 target name product library
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
        for target in "$@"; do
            name=${target%%=*}
            IFS=+ read -r product library <<<"${target#*=}"
            if [ "$product" = openblas ]; then
                echo "        .systemLibrary(name: \"$name\", pkgConfig: \"openblas\"),"
                continue
            fi
            echo "        .executableTarget(name: \"$name\", dependencies: ["
            echo "            .product(name: \"$product\", package: \"swift-cross-entropy\"),"
            if [ -n "$library" ]; then echo "            \"$library\","; fi
            echo "        ], swiftSettings: [.treatAllWarnings(as: .error)]),"
        done
        echo "    ])"
    } >"$folder/Package.swift"
}

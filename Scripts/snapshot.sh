# SPDX-License-Identifier: Apache-2.0
# To be sourced by scripts in the package's folder: the committed package as a version of a git repository.

# version_of_head FOLDER: makes the repository, whose version 1.0.0 is HEAD.
version_of_head() {
    mkdir -p "$1"
    git archive HEAD | tar -x -C "$1"
    git -C "$1" init -q
    git -C "$1" add -A
    git -C "$1" -c user.name=check -c user.email=check@localhost commit -qm "snapshot"
    git -C "$1" tag 1.0.0
}

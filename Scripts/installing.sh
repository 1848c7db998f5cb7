# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts that install something: each says what it installs, where, and by which command, before it does.
# With NO_INSTALL=1 it stops instead, with a status other than 0 and the command to run by hand.

# announce_and_run WHAT WHERE COMMAND_LINE
announce_and_run() {
    if [ "${NO_INSTALL:-}" = 1 ]; then
        printf 'NO_INSTALL=1, so that nothing is installed. Missing: %s, in %s. The command:\n    %s\n' "$1" "$2" "$3" >&2
        exit 1
    fi
    printf 'installing %s in %s:\n    %s\n' "$1" "$2" "$3" >&2
    bash -euo pipefail -c "$3"
}

# install_packages WHAT PACKAGES: Debian packages, with sudo only if this is not root.
install_packages() {
    local sudo=
    [ "$(id -u)" = 0 ] || sudo="sudo "
    announce_and_run "$1" "this system, with apt" \
        "${sudo}apt-get update -qq && ${sudo}env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $2"
}

# python_environment FOLDER REQUIREMENTS: a virtual environment with these packages, each held to the hashes listed there.
# Nothing is installed where the environment has them already. PYTHON names the interpreter (python3).
python_environment() {
    local folder=$1 requirements=$2
    local installed="$folder/requirements.txt"
    if cmp -s "$requirements" "$installed"; then return; fi
    announce_and_run "the Python packages of $requirements" "$folder" \
        "${PYTHON:-python3} -m venv --clear $folder && $folder/bin/pip install --quiet --require-hashes --requirement $requirements"
    cp "$requirements" "$installed"
}

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Times C with glibc's vector math, Intel MKL, PyTorch, JAX, TensorFlow/Keras, NumPy and scikit-learn against the library,
# in alternation, on the same data, and writes Benchmarks/results/peers.json and peers.md; before that, batches against
# PyTorch and scikit-learn, written to peers-matrices.md (not where PEERS or OPERATIONS choose). Takes about half an hour, and 4 GB of disk the first time.
#
#     SIZES=1024,65536        numbers of elements (default 1024,65536,33554432)
#     OPERATIONS=logits       of those that Scripts/peers/workload.py lists
#     THREADS=one             of one, all
#     PEERS=torch,jax         of c, mkl, torch, jax, tensorflow, numpy
#     ROUNDS=9                rounds of alternation, 7 by default
#     TYPE=double             the type of the numbers: float (default) or double
#     RESULTS=folder          where the table goes
#     PYTHON=python3.11       the interpreter: 3.11, for which there is a hash of PyTorch's wheel
#     NO_INSTALL=1            stop, and print the command, where packages would have to be installed
#
# PyTorch is its CPU build, which PyPI does not have: PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu, or
# PIP_FIND_LINKS with a folder that holds the wheel; see Scripts/peers/requirements.in.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/installing.sh
command -v gcc >/dev/null || install_packages "gcc, which compiles Scripts/peers/peer.c" build-essential
environment=.build/peers-venv
python_environment "$environment" Scripts/peers/requirements.txt
swift build -c release --product bce-peer 2>&1 | tail -1
peer=$(swift build -c release --show-bin-path)/bce-peer
example=(swift build -c release --package-path Examples/LogisticRegression --scratch-path .build-example)
"${example[@]}" 2>&1 | tail -1
[ "${PEERS:-}${OPERATIONS:-}" ] || "$environment/bin/python" Scripts/peers/matrices.py "$peer" \
    "$("${example[@]}" --show-bin-path)/LogisticRegression"
exec "$environment/bin/python" Scripts/peers/bench.py "$peer"

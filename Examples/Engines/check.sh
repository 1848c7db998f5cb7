#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the three programs in this folder on one Parquet data set, each with one and with two processes, and checks that all
# results have the same bits. The programs for Dask and Spark use the Python wheel, and the one for MPI uses the library for
# C. Installs OpenMPI and Java with apt if they are missing, and 450 MB of Python packages into .build-c.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Scripts/installing.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=Examples/Engines

command -v mpicxx >/dev/null || install_packages OpenMPI "libopenmpi-dev openmpi-bin g++"
command -v java >/dev/null || install_packages Java default-jre-headless

Scripts/build-wheel.sh
environment=$PWD/.build-c/engines
python_environment "$environment" $folder/requirements.txt
"$environment/bin/pip" install --quiet --no-deps --force-reinstall .build-c/wheel/*.whl
PREFIX=$work/prefix Scripts/install-c-library.sh
"$environment/bin/python" $folder/make_data.py "$work/data"

# The pyarrow wheel contains Arrow's C++ libraries and headers.
arrow=$("$environment/bin/python" -c "import pyarrow; print(pyarrow.get_library_dirs()[0])")
export PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig
# shellcheck disable=SC2046
mpicxx -std=c++20 -O2 -Wall -Wextra -Werror -DOMPI_SKIP_MPICXX $folder/mpi_evaluate.cpp -isystem "$arrow/include" \
    $(pkg-config --cflags --libs cross-entropy) "$arrow"/libarrow.so.*00 "$arrow"/libparquet.so.*00 \
    -Wl,-rpath,"$arrow:$work/prefix/lib" -o "$work/mpi_evaluate"

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export PYSPARK_PYTHON=$environment/bin/python
# Spark also writes warnings to standard output, so only the line of results is kept.
run() {
    echo "$*" >&2
    "$@" 2>"$work/log" | grep '^log loss' | tee -a "$work/results" || { cat "$work/log" >&2; exit 1; }
}
for processes in 1 2; do
    run mpirun --oversubscribe -n $processes "$work/mpi_evaluate" "$work/data"
    run "$environment/bin/python" $folder/dask_evaluate.py "$work/data" --workers $processes
    run "$environment/bin/spark-submit" --master "local[$processes]" $folder/spark_evaluate.py "$work/data"
done
[ "$(wc -l <"$work/results")" = 6 ] || { echo "a program printed nothing" >&2; exit 1; }
[ "$(sort -u "$work/results" | wc -l)" = 1 ] || { echo "the results differ" >&2; exit 1; }
"$environment/bin/python" $folder/expect.py "$work/data" "$(head -1 "$work/results")"
echo "MPI, Dask and Spark give the same bits with one and with two processes"

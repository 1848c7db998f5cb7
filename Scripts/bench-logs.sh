#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Times the log loss of a log of predictions, over all rows and by country, against DuckDB and polars, and that of .npy
# files against NumPy and against reading them. Prints Markdown tables. Takes about ten minutes and 1.1 GB of disk.
#
#     ROWS=50000000           rows of the log
#     ROUNDS=5                rounds of alternation
#     LOGS=.build/logs        the folder of the log, which is written if it does not exist
#     NO_INSTALL=1            stop, and print the command, where packages would have to be installed
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/installing.sh
environment=.build/logs-venv
python_environment "$environment" Scripts/logs/requirements.txt
Scripts/build-tool.sh
rows=${ROWS:-50000000}
folder=${LOGS:-.build/logs}/$rows
if [ ! -e "$folder/complete" ]; then
    "$environment/bin/python" Scripts/logs/make_log.py "$folder" --rows "$rows" --npy
    touch "$folder/complete"
fi
exec "$environment/bin/python" Scripts/logs/bench.py .build-tool/bin/bce "$folder" --rounds "${ROUNDS:-5}"

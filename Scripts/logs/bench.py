# SPDX-License-Identifier: Apache-2.0
"""Times commands that compute log losses from the files that make_log.py writes, and prints Markdown tables.

    python3 bench.py BCE FOLDER --rounds 5

Each command is a process of its own, from its start to its end, so that imports count as they do for a user. Commands
take turns, A B C A B C; ratios to the library are taken within a round, and the tables show medians. Files are in the
page cache, because each is read once before the clock. The memory is the largest resident set of the process,
or that of this script, 14 MB, if that is larger.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

LOSS = "-ln(CASE WHEN clicked = 1 THEN probability ELSE 1 - probability END)"

DUCKDB = """
import duckdb
rows = duckdb.sql('''{query}''').fetchall()
print(rows[0])
"""

POLARS = """
import polars as pl
p, t = pl.col("probability"), pl.col("clicked")
loss = -pl.when(t == 1).then(p).otherwise(1 - p).log()
print(pl.scan_csv("{log}"){query}.collect(engine="streaming").row(0))
"""

NUMPY = """
import numpy as np
p, t = np.load("{folder}/probability.npy"), np.load("{folder}/clicked.npy")
print(-np.mean(np.log(np.where(t, p, 1 - p)), dtype=np.float64))
"""


def tables(bce, folder):
    """The commands of each table, by name; the first one is the library."""
    log = folder / "log.csv"
    source = f"read_csv('{log}')"
    error = "stddev_samp(loss) / sqrt(count(*))"
    columns = [str(log), "--prediction", "probability", "--target", "clicked"]

    def python(text):
        return [sys.executable, "-c", text]

    return {
        "The log loss of a CSV file": {
            "bce loss": [bce, "loss", *columns],
            "DuckDB": python(DUCKDB.format(query=f"SELECT avg({LOSS}) FROM {source}")),
            "polars": python(POLARS.format(log=log, query=".select(loss.mean())")),
        },
        "The log loss by country, with standard errors": {
            "bce loss --by country": [bce, "loss", *columns, "--by", "country"],
            "DuckDB": python(
                DUCKDB.format(
                    query=f"SELECT country, avg(loss), {error} "
                    f"FROM (SELECT country, {LOSS} AS loss FROM {source}) GROUP BY country"
                )
            ),
            "polars": python(
                POLARS.format(
                    log=log,
                    query=".group_by('country').agg(loss.mean(), error=loss.std() / pl.len().sqrt())",
                )
            ),
        },
        "Loss, calibration and discrimination": {
            "bce evaluate": [bce, "evaluate", *columns],
            "bce evaluate of .npy files": [bce, "evaluate", f"{folder}/probability.npy", f"{folder}/clicked.npy"],
        },
        "The log loss of .npy files": {
            "bce loss": [bce, "loss", f"{folder}/probability.npy", f"{folder}/clicked.npy"],
            "NumPy": python(NUMPY.format(folder=folder)),
            "reading the files (cat)": ["cat", f"{folder}/probability.npy", f"{folder}/clicked.npy"],
        },
    }


def run(command):
    """Runs a command; returns its seconds, its peak memory in bytes, and the first line that it printed."""
    is_cat = command[0] == "cat"
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL if is_cat else subprocess.PIPE, text=True)
    output = "" if is_cat else process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command} ended with the status {process.returncode}")
    return seconds, usage.ru_maxrss * 1024, output.partition("\n")[0]


def measure(commands, rounds):
    for name, command in commands.items():
        print(f"{name}: {run(command)[2]}", file=sys.stderr)
    results = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            results[name].append(run(command)[:2])
    return results


def table(title, results):
    first = next(iter(results.values()))
    lines = [f"### {title}", "", "| | seconds | ratio | memory, MB |", "|---|---:|---:|---:|"]
    for name, runs in results.items():
        seconds = statistics.median(run[0] for run in runs)
        ratio = statistics.median(run[0] / own[0] for run, own in zip(runs, first))
        memory = max(run[1] for run in runs) / 1e6
        lines.append(f"| {name} | {seconds:.2f} | {ratio:.2f} | {memory:.0f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bce", help="the path of the command")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    for title, commands in tables(arguments.bce, arguments.folder).items():
        print(table(title, measure(commands, arguments.rounds)), flush=True)


if __name__ == "__main__":
    main()

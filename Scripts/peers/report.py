# SPDX-License-Identifier: Apache-2.0
"""The rows as JSON, and as Markdown: a summary for each thread setting, then one table per operation and thread setting.

python report.py PEERS.json prints the summaries, for a README.
"""

import json
import sys
from pathlib import Path

from rounds import LIBRARY, TOLERANCE
from workload import OPERATIONS, TYPE


def write(folder, machine, versions, rows):
    folder.mkdir(parents=True, exist_ok=True)
    document = {"machine": machine, "versions": versions, "rows": rows}
    (folder / "peers.json").write_text(json.dumps(document, indent=1) + "\n")
    (folder / "peers.md").write_text(markdown(machine, versions, rows))


def markdown(machine, versions, rows):
    parts = [_head(machine, versions), summaries(rows)]
    for threads in dict.fromkeys(row["threads"] for row in rows):
        for operation in dict.fromkeys(row["operation"] for row in rows):
            cells = [row for row in rows if (row["operation"], row["threads"]) == (operation, threads)]
            if cells:
                parts.append(f"## {_operation(operation)}; {_threads(threads)}\n\n{_table(cells)}")
    return "\n\n".join(parts) + "\n"


def summaries(rows):
    return "\n\n".join(_summary(rows, threads) for threads in dict.fromkeys(row["threads"] for row in rows))


def _summary(rows, threads):
    """How many times as long as the library the best peer takes: the headline."""
    rows = [row for row in rows if row["threads"] == threads]
    sizes = list(dict.fromkeys(row["n"] for row in rows))
    lines = [
        f"## Times the best peer; {_threads(threads)}\n",
        "| | " + " | ".join(f"ns, n = {size:,} | x best peer" for size in sizes) + " |",
        "|---" * (2 * len(sizes) + 1) + "|",
    ]
    slower = []
    for operation in dict.fromkeys(row["operation"] for row in rows):
        cells = []
        for size in sizes:
            own = [row for row in rows if (row["operation"], row["n"]) == (operation, size)]
            cells += [_cell(own[0]), _best(own)] if own else ["", ""]
            best = _best_peer(own)
            if best and best["ratioToLibrary"] < 1:
                slower.append(f"{_operation(operation)} at {size:,} ({_ratio(best)}, {best['way']})")
        lines.append(f"| {_operation(operation)} | " + " | ".join(cells) + " |")
    lines.append("\nSlower than the best peer: " + ("; ".join(slower) or "none") + ".")
    return "\n".join(lines)


def _operation(name):
    title = OPERATIONS[name].title
    return title[0].upper() + title[1:]


def _threads(threads):
    return "one thread" if threads == 1 else f"all {threads} cores"


def _head(machine, versions):
    names = ", ".join(f"{name} {version}" for name, version in versions.items())
    sets = ", ".join(machine["instructionSets"])
    return f"""# The library beside its peers

{machine["date"]}; {machine["cpu"]} (family/model {machine["cpuFamilyAndModel"]}; {sets}), {machine["cores"]} cores,
{machine["memoryGiB"]} GiB, {machine["system"]}. Library at {machine["library"]}, {machine["swift"]};
Python {machine["python"]}, gcc {machine["gcc"]}, glibc {machine["glibc"]}, {names}.

{TYPE.capitalize()}, data in the processes' own memory. Nanoseconds per element, median of the rounds; in brackets the time as a
multiple of the library's in the same round, median of the rounds. * marks answers more than {TOLERANCE:.0e} from the
exact one. One thread is one core of the process; NumPy and scikit-learn use no more.
A column is called disturbed if most of its rounds began while somebody else used the machine.
`make bench-peers` repeats it; `Scripts/peers/README.md` says what is timed."""


def _table(rows):
    sizes = list(dict.fromkeys(row["n"] for row in rows))
    lines = [
        "| | " + " | ".join(_title(rows, size) for size in sizes) + " |",
        "|---" * (len(sizes) + 1) + "|",
    ]
    for way in dict.fromkeys(row["way"] for row in rows):
        cells = {row["n"]: _cell(row) for row in rows if row["way"] == way}
        lines.append(f"| {way} | " + " | ".join(cells.get(size, "") for size in sizes) + " |")
    best = " | ".join(_best([row for row in rows if row["n"] == size]) for size in sizes)
    return "\n".join([*lines, f"| **best peer** | {best} |"])


def _title(rows, size):
    """Marked where most rounds began while somebody else computed."""
    library = next(row for row in rows if row["n"] == size and row["way"] == LIBRARY)
    disturbed = 2 * library["quietRounds"] < library["rounds"]
    return f"n = {size:,}" + (" (disturbed)" if disturbed else "")


def _cell(row):
    mark = "*" if row["relativeError"] > TOLERANCE else ""
    if row["way"] == LIBRARY:
        return f"{row['nsPerElement']:.3g}"
    return f"{row['nsPerElement']:.3g}{mark} ({_ratio(row)})"


def _best(rows):
    best = _best_peer(rows)
    return f"**{_ratio(best)}** ({best['way']})" if best else ""


def _best_peer(rows):
    return min((row for row in rows if row["way"] != LIBRARY), key=lambda row: row["ratioToLibrary"], default=None)


def _ratio(row):
    ratio = row["ratioToLibrary"]
    return f"{ratio:.2f}" if ratio < 2 else f"{ratio:.1f}"


if __name__ == "__main__":
    print(summaries(json.loads(Path(sys.argv[1]).read_text())["rows"]))

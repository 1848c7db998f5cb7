# SPDX-License-Identifier: Apache-2.0
"""Draws a run of bce-bench: python3 Scripts/plot-benchmarks.py BENCH.json PICTURE.svg

How many times faster than the naive loop each operation is, for Float, in cache and in memory, and how fast reading and
writing the same memory would be. Needs matplotlib; `make bench PLOT=1` sees to that.
"""

import json
import math
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

# Grey and two saturated colours: readable on a light page and on a dark one.
GREY, FASTER, SLOWER = "#808080", "#2f81f7", "#e0662c"
IN_CACHE = 65536

plt.rcParams.update({
    "svg.fonttype": "none",
    # The same picture has the same bytes.
    "svg.hashsalt": "bce-bench",
    "font.family": "sans-serif",
    "text.color": GREY,
    "axes.labelcolor": GREY,
    "axes.edgecolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
})


def sizes_to_show(rows):
    """The largest size that surely is in cache, and the largest of all."""
    sizes = {row["n"] for row in rows}
    in_cache = [n for n in sizes if n <= IN_CACHE]
    return sorted({max(in_cache, default=max(sizes)), max(sizes)})


def title(n):
    power = n.bit_length() - 1
    count = f"2^{power}" if n == 1 << power and n > IN_CACHE else f"{n:,}"
    return f"{count} elements, in {'cache' if n <= IN_CACHE else 'memory'}"


def two_digits(value):
    return f"{value:.{max(0, 1 - math.floor(math.log10(value)))}f}"


def draw(axes, operations, rows):
    by_name = {(row["operation"], row["implementation"]): row for row in rows}
    # What is drawn on a logarithmic scale has to begin somewhere: at the naive loop's own speed.
    axes.set_xscale("log")
    axes.axvline(1, color=GREY, linewidth=1)
    for y, operation in enumerate(operations):
        vector, limit = by_name.get((operation, "vector")), by_name.get((operation, "limit"))
        if not vector or not limit:
            continue
        ratio, bound = vector["ratioToNaive"], limit["ratioToNaive"]
        axes.barh(y, ratio - 1, left=1, height=0.62, color=FASTER if ratio >= 1 else SLOWER)
        axes.plot([bound, bound], [y - 0.42, y + 0.42], color=GREY, linewidth=2.5)
        for place, words in ((1.1, f"{two_digits(ratio)} x"), (1.31, f"{two_digits(vector['nsPerElement'])} ns")):
            axes.text(place, y, words, ha="right", va="center", fontsize=9, transform=axes.get_yaxis_transform())
    axes.set_xticks([0.1, 1, 10, 100, 1000], ["0.1", "1", "10", "100", "1000"])
    axes.minorticks_off()
    axes.set_yticks(range(len(operations)), operations)
    axes.set_ylim(len(operations) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def main(source, destination):
    with open(source) as file:
        report = json.load(file)
    rows = [row for row in report["rows"] if row["scalar"] == "Float"]
    if not rows:
        sys.exit(f"{source} has no rows of Float")
    operations = list(dict.fromkeys(row["operation"] for row in rows))
    sizes = sizes_to_show(rows)
    figure, panels = plt.subplots(
        1, len(sizes), figsize=(1.8 + 4.6 * len(sizes), 1.4 + 0.34 * len(operations)), sharey=True, squeeze=False)
    for axes, n in zip(panels[0], sizes):
        draw(axes, operations, [row for row in rows if row["n"] == n])
        axes.set_title(title(n), fontsize=11, color=GREY)
        axes.set_xlabel("times as fast as the naive loop")
    machine, threads = report["machine"], rows[0]["threads"]
    figure.suptitle(
        f"Bars: the library, Float, {machine['level']} level of an {machine['cpu']}, threads: {threads}; beside them ns "
        "per element.\nTicks: only reading and writing the same memory.", fontsize=10, color=GREY)
    figure.tight_layout()
    figure.savefig(destination, transparent=True, metadata={"Date": None})


main(*sys.argv[1:])

# SPDX-License-Identifier: Apache-2.0
"""Writes a Parquet data set of synthetic predictions: FOLDER/part-00.parquet and so on.

Columns: logit (float32), clicked (bool, about one in fifty missing) and weight (float64).
"""

import argparse
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def make_part(index: int, rows: int) -> pa.Table:
    random = np.random.default_rng([2026, index])
    logit = random.normal(-1.5, 2.0, rows).astype(np.float32)
    clicked = random.random(rows) < 1 / (1 + np.exp(-logit))
    unknown = random.random(rows) < 0.02
    return pa.table(
        {
            "logit": logit,
            "clicked": pa.array(clicked, mask=unknown),
            "weight": random.uniform(0.5, 2.0, rows),
        }
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--parts", type=int, default=8)
    parser.add_argument("--rows", type=int, default=250_000, help="rows of the first part; the others have fewer")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for index in range(arguments.parts):
        # Parts have different sizes, so their last row groups do, too. No size is a multiple of the batch size.
        rows = arguments.rows - 10_007 * index
        table = make_part(index, max(rows, 1))
        pq.write_table(table, arguments.folder / f"part-{index:02d}.parquet", row_group_size=65_536)


if __name__ == "__main__":
    main()

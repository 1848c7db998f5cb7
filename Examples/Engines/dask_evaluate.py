# SPDX-License-Identifier: Apache-2.0
"""Computes the weighted log loss of a Parquet data set and its standard error on a Dask cluster.

    python dask_evaluate.py DATA_SET --workers 2

Each partition is added to an accumulator, and the accumulators are merged in a tree. An accumulator is sent as at most
2 KB. Merging is exact, so the result has the same bits for any number of workers and any shape of the tree.
"""

import argparse

import cross_entropy as ce
import dask.bag
import dask.dataframe
import pandas as pd
import pyarrow as pa
from dask.distributed import Client

BATCH_ROWS = 65_536


def accumulate(frame: pd.DataFrame) -> pd.Series:
    """The losses of one partition, as a series of one accumulator."""
    accumulator = ce.Accumulator(keeps_report=True)
    # The columns are Arrow arrays, with booleans as bits and missing values as a bitmap. They are read without a copy.
    for rows in pa.Table.from_pandas(frame, preserve_index=False).to_batches(max_chunksize=BATCH_ROWS):
        accumulator.add(logits=rows["logit"], targets=rows["clicked"], weights=rows["weight"])
    return pd.Series([accumulator])


def merge(into: ce.Accumulator, other: ce.Accumulator) -> ce.Accumulator:
    into.merge(other)
    return into


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_set")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    with Client(n_workers=arguments.workers, threads_per_worker=1, dashboard_address=None):
        frame = dask.dataframe.read_parquet(arguments.data_set, dtype_backend="pyarrow", split_row_groups=False)
        parts = frame.map_partitions(accumulate, meta=pd.Series(dtype=object))
        total = dask.bag.from_delayed(parts.to_delayed()).fold(merge, split_every=2).compute()
    report = total.report(reduction="weighted-mean")
    # 17 digits determine all bits of a float.
    print(
        f"log loss {report.loss:.17g}, standard error {report.standard_error:.17g}, "
        f"rows {report.count}, unknown {report.ignored_count}"
    )


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Computes the weighted log loss of a Parquet data set and its standard error on a Spark cluster.

    spark-submit --master 'local[2]' spark_evaluate.py DATA_SET

`mapInArrow` passes each partition to Python as Arrow batches, which are read in place. Each partition returns the state
of one accumulator, which has at most 2 KB. Merging is exact, so the result has the same bits for any number of
executors.
"""

import argparse
from collections.abc import Iterator

import cross_entropy as ce
import pyarrow as pa
from pyspark.sql import SparkSession

BATCH_ROWS = 65_536


def accumulate(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The losses of one partition, as one row with the state of an accumulator."""
    accumulator = ce.Accumulator(keeps_report=True)
    for rows in batches:
        accumulator.add(logits=rows["logit"], targets=rows["clicked"], weights=rows["weight"])
    yield pa.RecordBatch.from_pydict({"state": pa.array([accumulator.to_bytes()], pa.binary())})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_set")
    arguments = parser.parse_args()
    spark = (
        SparkSession.builder.appName("cross-entropy")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", BATCH_ROWS)
        # One file per partition. By default Spark packs small files together, depending on the number of cores.
        .config("spark.sql.files.maxPartitionBytes", 128 << 20)
        .config("spark.sql.files.openCostInBytes", 128 << 20)
        .config("spark.ui.enabled", False)
        .getOrCreate()
    )
    rows = spark.read.parquet(arguments.data_set).select("logit", "clicked", "weight")
    total = ce.Accumulator(keeps_report=True)
    for row in rows.mapInArrow(accumulate, "state binary").collect():
        total.merge(ce.Accumulator.from_bytes(bytes(row.state)))
    spark.stop()
    report = total.report(reduction="weighted-mean")
    # 17 digits determine all bits of a float.
    print(
        f"log loss {report.loss:.17g}, standard error {report.standard_error:.17g}, "
        f"rows {report.count}, unknown {report.ignored_count}"
    )


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Compares the line that the programs print with numbers that NumPy computes in double precision."""

import re
import sys

import numpy as np
import pyarrow.dataset


def main() -> None:
    table = pyarrow.dataset.dataset(sys.argv[1]).to_table()
    clicked = table["clicked"].to_numpy()
    known = np.array([value is not None for value in clicked])
    x = table["logit"].to_numpy().astype(np.float64)[known]
    t = clicked[known].astype(np.float64)
    w = table["weight"].to_numpy()[known]
    loss = np.logaddexp(0, x) - t * x
    mean = np.average(loss, weights=w)
    n = len(x)
    error = np.sqrt(n / (n - 1) * np.sum(w**2 * (loss - mean) ** 2)) / np.sum(w)
    found = [float(number) for number in re.findall(r"(?:loss|error) ([0-9.e-]+)", sys.argv[2])]
    counts = [int(number) for number in re.findall(r"(?:rows|unknown) ([0-9]+)", sys.argv[2])]
    np.testing.assert_allclose(found, [mean, error], rtol=1e-6)
    assert counts == [n, len(known) - n], counts


if __name__ == "__main__":
    main()

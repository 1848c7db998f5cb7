# SPDX-License-Identifier: Apache-2.0
"""Writes the fixture: python fixture.py FILE."""

import json
import sys
from collections import Counter

import keras_cases
import other_cases
import torch_cases


def main(path):
    counts, rows, unexplained = Counter(), [], []
    for module in (keras_cases, torch_cases, other_cases):
        for case in module.cases():
            problem = case.problem
            name = f"{case.source}/{problem.domain}/{problem.quantity}/{problem.scalar}"
            counts[name] += 1
            try:
                rows.append(case.row(f"{name}/{counts[name]}"))
            except ValueError as error:
                unexplained.append(str(error))
    if unexplained:
        sys.exit("\n".join(unexplained))
    with open(path, "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
    print(len(rows), "cases", Counter((row["source"], row["expect"]) for row in rows))
    for reason, count in Counter(row["because"] for row in rows).items():
        print(f"{count:5} {reason}")


main(sys.argv[1])

# SPDX-License-Identifier: Apache-2.0
"""Writes a log of predictions for benchmarks: one row per impression, with a country, a probability and a click.

    python3 make_log.py FOLDER --rows 50000000 --seed 1 --npy

FOLDER/log.csv has the columns country, probability (six decimal digits) and clicked (0 or 1), about 16.5 bytes per row.
There are 200 countries, whose frequencies follow Zipf's law. With --npy, the folder also has probability.npy (f4) and
clicked.npy (u1) with the same numbers. The same seed always gives the same files.
"""

import argparse
import pathlib

import numpy as np

COUNTRIES = 200
ROWS_AT_A_TIME = 1 << 20
HEADER = b"country,probability,clicked\n"
# The decimal digits of 0 to 999.
THREE_DIGITS = np.array([list(b"%03d" % number) for number in range(1000)], np.uint8)


def names(generator):
    """Different invented names of two to seven letters, one row per country, filled up with zero bytes."""
    consonants, vowels = "bdfgklmnprst", "aeiou"
    found = {}
    while len(found) < COUNTRIES:
        length = generator.integers(2, 8)
        letters = [generator.choice(list(vowels if index % 2 else consonants)) for index in range(length)]
        found["".join(letters).capitalize()] = None
    table = np.zeros((COUNTRIES, 7), np.uint8)
    for row, name in enumerate(found):
        table[row, : len(name)] = list(name.encode())
    return table


def countries_by_uniform_number():
    """The country of each number of 16 bits, so that a lookup draws country k with a frequency close to 1 / (k + 1)."""
    weights = 1 / np.arange(1, COUNTRIES + 1)
    borders = np.cumsum(weights) / weights.sum()
    return np.searchsorted(borders, (np.arange(1 << 16) + 0.5) / (1 << 16)).astype(np.uint8)


def draw(generator, rows, country_of_number, intercepts):
    """The countries, the probabilities in millionths, and the clicks, which occur with these probabilities."""
    countries = country_of_number[generator.integers(0, 1 << 16, rows, np.uint16)]
    logits = intercepts[countries] + 1.5 * generator.standard_normal(rows, np.float32)
    millionths = np.rint(1e6 / (1 + np.exp(-logits))).astype(np.int32)
    # A probability of 0 or 1 could make the loss infinite.
    np.clip(millionths, 1, 999_999, out=millionths)
    clicked = (generator.random(rows, np.float32) * np.float32(1e6) < millionths).astype(np.uint8)
    return countries, millionths, clicked


def text(countries, millionths, clicked, name_table):
    """The rows as bytes. They are laid out in columns of fixed width, and then the zero bytes are removed."""
    width = name_table.shape[1]
    rows = np.empty((len(countries), width + 12), np.uint8)
    rows[:, :width] = name_table[countries]
    rows[:, width : width + 3] = list(b",0.")
    thousands = millionths // 1000
    rows[:, width + 3 : width + 6] = THREE_DIGITS[thousands]
    rows[:, width + 6 : width + 9] = THREE_DIGITS[millionths - 1000 * thousands]
    rows[:, width + 9] = ord(",")
    rows[:, width + 10] = clicked + ord("0")
    rows[:, width + 11] = ord("\n")
    flat = rows.reshape(-1)
    return flat[flat != 0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--npy", action="store_true", help="also write probability.npy and clicked.npy")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)

    generator = np.random.Generator(np.random.SFC64(arguments.seed))
    name_table = names(generator)
    intercepts = generator.normal(-2.5, 0.7, COUNTRIES).astype(np.float32)
    country_of_number = countries_by_uniform_number()
    if arguments.npy:
        create = np.lib.format.open_memmap
        probabilities = create(arguments.folder / "probability.npy", "w+", np.float32, (arguments.rows,))
        clicks = create(arguments.folder / "clicked.npy", "w+", np.uint8, (arguments.rows,))
    with open(arguments.folder / "log.csv", "wb") as file:
        file.write(HEADER)
        for start in range(0, arguments.rows, ROWS_AT_A_TIME):
            rows = min(ROWS_AT_A_TIME, arguments.rows - start)
            countries, millionths, clicked = draw(generator, rows, country_of_number, intercepts)
            file.write(text(countries, millionths, clicked, name_table))
            if arguments.npy:
                probabilities[start : start + rows] = millionths / 1e6
                clicks[start : start + rows] = clicked


if __name__ == "__main__":
    main()

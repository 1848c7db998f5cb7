# SPDX-License-Identifier: Apache-2.0
"""Writes .csv texts that readers stumble over, each with what Python's csv module and float() make of it.

The fixture is Tests/BCEToolTests/Fixtures/hostile-csv.json. For a text that Python reads, it holds the number of rows
and the sum of the losses of the logits in column p with the targets in column t; otherwise null. The tool must refuse
each text, or read the same. It must read those that are marked.
"""
import base64
import csv
import io
import json
import math
import random
import sys

SEED = 20261129
RANDOM_CASES = 170

NUMBERS = [
    "0", "1", "-1", "0.5", ".5", "5.", "+0.25", "-0.0", "1e0", "1E-3", "2.5e+1", "0.1234567890123456789",
    "12345678901234567890", "0.30000000000000004", "9007199254740993", "1e-320", "1e22", "1e23", "123e-25",
    " 0.5", "0.5 ", "\t0.5", "inf", "-Infinity", "nan", "NaN", "1e999", "1_0", "0x1p3", "1e", "e1", "--1", "1,5",
    "", " ", "true", "None", "½", "１", "0.5\0", "1 2", "1.2.3", "+", "-", ".", "1e+", "infinit", "0" * 400,
    "7" * 25, "0." + "0" * 30 + "1", "4.9e-324", "2.4703282292062327e-324", "1.7976931348623157e308",
]
TARGETS = ["0", "1", "0.5", "true", "false", "True", "FALSE", "1.0", "0e0", "2", "-1", "", "yes", "nan", "1.", "00"]
KEYS = ["a", "US", "New York", "é", "\U0001f600", "", "a\"b", "\"quoted\"", "x\ny", "x\r\ny", "x,y", "'", "#", "\\"]

NAMED = {
    "plain": ("p,t\n0.5,1\n-2,0\n", True),
    "no newline at the end": ("p,t\n0.5,1\n-2,0", True),
    "CRLF": ("p,t\r\n0.5,1\r\n-2,0\r\n", True),
    "CRLF and LF": ("p,t\r\n0.5,1\n-2,0\r\n", True),
    "byte order mark": ("\ufeffp,t\n0.5,1\n", True),
    "quoted fields": ('"p","t","k"\n"0.5","1","x"\n', True),
    "quote within quotes": ('k,p,t\n"a ""b"" c",0.5,1\n"",-2,0\n', True),
    "line feed within quotes": ('k,p,t\n"a\nb",0.5,1\n"\n\n",-2,0\n', True),
    "delimiter within quotes": ('k,p,t\n"a,b",0.5,1\n', True),
    "more columns": ("a,b,p,c,t,d\n,,0.5,,1,\nx,y,-2,z,0,w\n", True),
    "spaces around numbers": ("p,t\n 0.5 ,1 \n", True),
    "words for targets": ("p,t\n0.5,true\n0.5,False\n", True),
    "column order": ("t,p\n1,0.5\n0,-2\n", True),
    "17 digits": ("p,t\n0.12345678901234568,1\n1.2345678901234567e-05,0\n", True),
    "exponents": ("p,t\n1e-5,1\n1E+2,0\n12e0,1\n", True),
    "infinite logit": ("p,t\ninf,1\n-inf,0\n", True),
    "header only": ("p,t\n", False),
    "no header": ("0.5,1\n", False),
    "empty": ("", False),
    "only a line feed": ("\n", False),
    "only a byte order mark": ("\ufeff", False),
    "blank line in the middle": ("p,t\n0.5,1\n\n-2,0\n", False),
    "blank line at the end": ("p,t\n0.5,1\n\n", False),
    "carriage returns only": ("p,t\r0.5,1\r", False),
    "quote that never closes": ('p,t\n0.5,1\n"0.5,1\n0.5,1\n', False),
    "text behind a quote": ('p,t\n"0.5"x,1\n', False),
    "space before a quote": ('p,t\n "0.5",1\n', False),
    "row too short": ("p,t\n0.5\n", False),
    "row too long": ("p,t\n0.5,1,2\n", False),
    "semicolons": ("p;t\n0.5;1\n", False),
    "two columns of one name": ("p,t,p\n0.5,1,0.7\n", False),
    "NUL": ("p,t\n0.5\0,1\n", False),
    "UTF-16": ("p,t\n0.5,1\n".encode("utf-16").decode("latin-1"), False),
}


def loss(logit, target):
    """The loss of a logit, as a sum of two terms that are not negative."""
    softplus = lambda x: max(x, 0) + math.log1p(math.exp(-abs(x)))
    positive = target * softplus(-logit) if target else 0.0
    return positive + ((1 - target) * softplus(logit) if target != 1 else 0.0)


def number(text):
    if "_" in text or not text.isascii():
        raise ValueError(text)
    return float(text)


def target(text):
    words = {"true": 1.0, "True": 1.0, "TRUE": 1.0, "false": 0.0, "False": 0.0, "FALSE": 0.0}
    value = words[text] if text in words else number(text)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def read(text):
    """The number of rows and the sum of the losses, or None if Python finds a mistake."""
    try:
        reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        header = next(reader)
        p, t = header.index("p"), header.index("t")
        count, losses = 0, []
        for row in reader:
            logit = number(row[p])
            if math.isnan(logit) or (math.isinf(logit) and row[p].strip().lower().lstrip("+-")[:3] != "inf"):
                return None
            losses.append(loss(logit, target(row[t])))
            count += 1
    except (csv.Error, ValueError, IndexError, StopIteration):
        return None
    return [count, math.fsum(losses)] if count else None


def field(random, text):
    if random.random() < 0.15 or any(c in text for c in '",\r\n') and random.random() < 0.9:
        text = '"' + text.replace('"', '""') + '"'
    return text


def random_text(random):
    columns = random.sample(["p", "t", "k"], 3)
    end = random.choice(["\n", "\n", "\r\n"])
    # Most numbers are good ones, so that a good part of the texts can be read.
    good, kinds = random.random() < 0.6, {"p": NUMBERS, "t": TARGETS, "k": KEYS}
    rows = [",".join(columns)]
    for _ in range(random.randrange(1, 12)):
        cells = {
            name: random.choice(kinds[name][: 13 if good and name == "p" else 8 if good and name == "t" else None])
            for name in columns
        }
        rows.append(",".join(field(random, cells[name]) for name in columns))
    text = end.join(rows) + (end if random.random() < 0.8 else "")
    for _ in range(random.choice([0, 0, 0, 1, 2])):
        place = random.randrange(len(text) + 1)
        text = random.choice([
            lambda: text[:place] + random.choice(['"', ",", "\n", "\r", "\0", " ", "\ufeff", "é", "9"]) + text[place:],
            lambda: text[:place] + text[place + 1 :],
            lambda: text[:place],
        ])()
    return text


def main():
    generator = random.Random(SEED)
    cases = [(name, text, must) for name, (text, must) in NAMED.items()]
    cases += [(f"seed {SEED}, case {index}", random_text(generator), False) for index in range(RANDOM_CASES)]
    fixture = []
    for name, text, must in cases:
        result = read(text)
        if result:
            result[1] = repr(result[1])
        encoded = base64.b64encode(text.encode("utf-8")).decode()
        fixture.append({"name": name, "text": encoded, "mustBeRead": must, "result": result})
        assert result or not must, name
    json.dump(fixture, sys.stdout, indent=1)
    print()


main()

# SPDX-License-Identifier: Apache-2.0
"""Draws -ln p and -ln(1 - p) for the documentation: python3 Scripts/plot-log-curves.py FILE.svg"""

import math
import sys

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 360, 56, 44, 16
NATS = 4.0


def place(p, loss):
    x = LEFT + p * (WIDTH - LEFT - 16)
    y = HEIGHT - BOTTOM - loss / NATS * (HEIGHT - BOTTOM - TOP)
    return f"{x:.1f},{y:.1f}"


def curve(loss, color):
    points = (k / 400 for k in range(1, 400))
    line = " ".join(place(p, loss(p)) for p in points if loss(p) <= NATS)
    return f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="3"/>'


def text(p, loss, words, color="#808080", anchor="middle", dy=0):
    x, y = place(p, loss).split(",")
    return f'<text x="{x}" y="{float(y) + dy:.1f}" fill="{color}" text-anchor="{anchor}">{words}</text>'


def picture():
    # Grey and two saturated colours: readable on a light page and on a dark one.
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
           'font-size="15">')
    for nats in range(5):
        yield f'<polyline points="{place(0, nats)} {place(1, nats)}" stroke="#80808060" fill="none"/>'
        yield text(0, nats, str(nats), anchor="end", dy=5).replace('text x="56.0"', 'text x="48"')
    for p in (0, 0.25, 0.5, 0.75, 1):
        yield text(p, 0, f"{p:g}", dy=20)
    yield text(0.5, 0, "p, the probability that was predicted for 1", dy=40)
    yield curve(lambda p: -math.log(p), "#2f81f7")
    yield curve(lambda p: -math.log(1 - p), "#e0662c")
    yield text(0.1, 3.2, "-ln p: the target is 1", "#2f81f7", "start")
    yield text(0.9, 3.2, "-ln(1 - p): the target is 0", "#e0662c", "end", dy=24)
    yield "</svg>"


with open(sys.argv[1], "w") as file:
    file.write("\n".join(picture()) + "\n")

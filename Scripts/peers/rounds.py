# SPDX-License-Identifier: Apache-2.0
"""One cell of the table: all ways of one operation at one size, in alternation."""

import math
import statistics
import sys
import time
from dataclasses import dataclass, field

import quiet

MEASUREMENT = 25e6  # nanoseconds that repetitions fill
BUDGET = 4e9  # nanoseconds that one way may take of a cell before it sits out rounds, three at least
HOPELESS = 10  # times as long as the fastest: measured in one round only
TOLERANCE = 1e-5  # relative, of losses and of checksums
ABSURD = 1e-2  # a way that is this wrong computes something else
LIBRARY = "library"


@dataclass
class Way:
    worker: object
    name: str
    repetitions: int = 1
    rounds: int = 0
    timings: list = field(default_factory=list)
    each: list = field(default_factory=list)  # nanoseconds of a call

    def prepare(self, operation, rounds):
        """Compiles, then finds how often a measurement calls; these calls count for nothing. Returns the time of one."""
        self._run(operation)
        each = self._run(operation).wall / self.repetitions
        # Each measurement calls once more, outside the clock.
        self.rounds = min(rounds, max(3, int(BUDGET / (each * (self.repetitions + 1)))))
        return each

    def measure(self, operation):
        # Threads of the worker before this one may still spin.
        time.sleep(0.01)
        timing = self._run(operation)
        self.timings.append(timing)
        self.each.append(timing.wall / self.repetitions)

    def _run(self, operation):
        """A measurement that is long enough."""
        while True:
            timing = self.worker.run(operation, self.name, self.repetitions)
            if timing.wall >= 0.8 * MEASUREMENT:
                return timing
            self.repetitions = min(16 * self.repetitions, math.ceil(self.repetitions * MEASUREMENT / timing.wall))


def measure(workers, operation, count, threads, rounds, answer):
    """A row for each way, the library first."""
    ways = [Way(worker, name) for worker in workers for name in worker.ways(operation)]
    times = [way.prepare(operation, rounds) for way in ways]
    for way, each in zip(ways[1:], times[1:]):
        if each > HOPELESS * min(times[1:]):
            way.rounds = 1
    quiet_rounds = 0
    for index in range(rounds):
        quiet_rounds += quiet.wait()
        for way in ways:
            if index < way.rounds:
                way.measure(operation)
    assert ways[0].name == LIBRARY
    cell = {"operation": operation, "n": count, "threads": threads, "quietRounds": quiet_rounds}
    return [{**cell, **_row(way, ways[0], count, answer)} for way in ways]


def _row(way, library, count, answer):
    ratios = [peer / ours for peer, ours in zip(way.each, library.each)]
    last = way.timings[-1]
    errors = [_error(getattr(last, name), truth) for name, truth in vars(answer).items() if not math.isnan(truth)]
    error = max(errors)
    if not error <= (TOLERANCE if way.name == LIBRARY else ABSURD):
        sys.exit(f"{way.name}, n = {count}: {last} instead of {answer}")
    return {
        "way": way.name,
        "nsPerElement": statistics.median(way.each) / count,
        "bestNsPerElement": min(way.each) / count,
        "ratioToLibrary": statistics.median(ratios),
        "ratioRange": [min(ratios), max(ratios)],
        "relativeError": error,
        "coresBusy": sum(timing.cpu for timing in way.timings) / sum(timing.wall for timing in way.timings),
        "rounds": len(way.each),
        "repetitions": way.repetitions,
    }


def _error(answer, truth):
    difference = abs(answer - truth) / abs(truth)
    return math.inf if math.isnan(difference) else difference

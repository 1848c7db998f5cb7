"""One cell of the table: all ways of one operation at one size, in alternation."""

import math
import statistics
import sys
import time
from dataclasses import dataclass

MEASUREMENT = 25e6  # nanoseconds that repetitions fill
BUDGET = 12e9  # nanoseconds that one way may take of a cell before it sits out rounds, three at least
TOLERANCE = 1e-5  # relative, of losses and of gradients times logits
ABSURD = 1e-2  # a way that is this wrong computes something else
LIBRARY = "library"


@dataclass
class Way:
    worker: object
    name: str
    repetitions: int = 1
    rounds: int = 0
    timings: list = None

    def prepare(self, operation, rounds):
        """Compiles, then finds how often a measurement calls, from calls that it throws away."""
        timing = self.worker.run(operation, self.name, 1)
        while timing.wall < MEASUREMENT / 4:
            self.repetitions *= 4
            timing = self.worker.run(operation, self.name, self.repetitions)
        each = timing.wall / self.repetitions
        self.repetitions = math.ceil(MEASUREMENT / each)
        # Each measurement calls once more, outside the clock.
        self.rounds = min(rounds, max(3, int(BUDGET / (each * (self.repetitions + 1)))))
        self.timings = []

    def measure(self, operation):
        # Threads of the worker before this one may still spin.
        time.sleep(0.01)
        self.timings.append(self.worker.run(operation, self.name, self.repetitions))


def measure(workers, operation, count, threads, rounds, answer):
    """A row for each way, the library first."""
    ways = [Way(worker, name) for worker in workers for name in worker.ways(operation)]
    for way in ways:
        way.prepare(operation, rounds)
    for index in range(rounds):
        for way in ways:
            if index < way.rounds:
                way.measure(operation)
    library = [timing.wall / ways[0].repetitions for timing in ways[0].timings]
    assert ways[0].name == LIBRARY
    return [_row(way, operation, count, threads, library, answer) for way in ways]


def _row(way, operation, count, threads, library, answer):
    each = [timing.wall / way.repetitions for timing in way.timings]
    ratios = [peer / ours for peer, ours in zip(each, library)]
    last = way.timings[-1]
    error = _error(last.loss, answer.loss)
    if not math.isnan(answer.slope):
        error = max(error, _error(last.slope, answer.slope))
    if not error <= (TOLERANCE if way.name == LIBRARY else ABSURD):
        sys.exit(f"{way.name}, {operation}, n = {count}: {last} instead of {answer}")
    return {
        "operation": operation,
        "n": count,
        "threads": threads,
        "way": way.name,
        "nsPerElement": statistics.median(each) / count,
        "bestNsPerElement": min(each) / count,
        "ratioToLibrary": statistics.median(ratios),
        "ratioRange": [min(ratios), max(ratios)],
        "relativeError": error,
        "coresBusy": sum(timing.cpu for timing in way.timings) / sum(timing.wall for timing in way.timings),
        "rounds": len(each),
        "repetitions": way.repetitions,
    }


def _error(answer, truth):
    difference = abs(answer - truth) / abs(truth)
    return math.inf if math.isnan(difference) else difference

# SPDX-License-Identifier: Apache-2.0
"""Memory: calls do not copy arrays, and objects are destroyed."""

from __future__ import annotations

import pathlib
import resource

import numpy as np

import cross_entropy as ce

MEGABYTE = 1 << 20


def resident() -> int:
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def test_objects_are_destroyed() -> None:
    def use() -> None:
        evaluation, groups = ce.Evaluation(), ce.GroupedLosses(10_000)
        evaluation.add(logits=np.zeros(1000), targets=np.ones(1000))
        groups.add(logits=np.zeros(10_000), targets=np.ones(10_000), groups=np.arange(10_000))
        ce.Evaluation.from_bytes(evaluation.to_bytes())

    use()
    before = resident()
    for _ in range(100):
        use()
    # If they were not destroyed, they would take 100 times 4.9 MB.
    assert resident() - before < 100 * MEGABYTE


def test_failed_calls_leave_nothing_behind() -> None:
    x, t = np.zeros(100_000), np.full(100_000, 2)

    def fail() -> None:
        for function in (ce.loss, ce.gradient, ce.report, ce.evaluate):
            try:
                function(logits=x, targets=t)
            except ce.CrossEntropyError:
                pass

    fail()
    before = resident()
    for _ in range(500):
        fail()
    # If the gradients were not freed, they would take 500 times 0.8 MB.
    assert resident() - before < 100 * MEGABYTE


def test_call_on_large_arrays_does_not_copy_them() -> None:
    x, t = np.zeros(40_000_000, np.float32), np.zeros(40_000_000, np.uint8)
    ce.loss(logits=x, targets=t)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    ce.loss(logits=x, targets=t, mask=t, row_weights=np.ones(1))
    ce.report(probabilities=x, targets=t)
    # A copy of the targets alone would take 40 MB.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - peak < 20 * MEGABYTE

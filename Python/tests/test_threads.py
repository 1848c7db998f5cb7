# SPDX-License-Identifier: Apache-2.0
"""Many threads at once, on their own arrays and on shared objects."""

from __future__ import annotations

import sys
import threading
from typing import Any, Callable, Dict, List

import numpy as np
import pytest

import cross_entropy as ce

THREADS = 64
generator = np.random.default_rng(160)


def batch(count: int) -> Dict[str, Any]:
    return {"logits": generator.normal(size=count).astype(np.float32), "targets": generator.random(count) < 0.4}


def in_threads(work: Callable[[int], None]) -> None:
    """Run a function in all threads at once with the number of each thread, and raise any exception that one raises."""
    barrier, errors = threading.Barrier(THREADS), []

    def run(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_losses_in_many_threads_equal_those_in_one() -> None:
    batches = [batch(100 + 37 * number) for number in range(THREADS)]
    batches[5] = batch(2_000_000)
    expected = [ce.loss_and_gradient(**arrays) for arrays in batches]

    def work(number: int) -> None:
        for _ in range(20):
            loss, gradient = ce.loss_and_gradient(**batches[number])
            assert loss == expected[number][0]
            np.testing.assert_array_equal(gradient, expected[number][1])

    in_threads(work)


def test_each_thread_has_its_own_error() -> None:
    def work(number: int) -> None:
        targets = np.zeros(THREADS)
        targets[number] = 2 + number
        for _ in range(100):
            with pytest.raises(ce.CrossEntropyError) as caught:
                ce.loss(logits=np.zeros(THREADS), targets=targets)
            assert (caught.value.index, caught.value.value) == (number, 2 + number)

    in_threads(work)


def test_objects_shared_by_threads_add_everything() -> None:
    arrays = batch(500)
    accumulator, groups, evaluation = ce.Accumulator(keeps_report=True), ce.GroupedLosses(THREADS), ce.Evaluation()
    states: List[bytes] = []

    def work(number: int) -> None:
        for _ in range(5):
            accumulator.add(**arrays)
            groups.add(**arrays, groups=np.full(500, number))
            evaluation.add(**arrays)
            states.append(accumulator.to_bytes())
            assert accumulator.totals().count >= 500
            evaluation.reliability()

    in_threads(work)
    expected = ce.Accumulator(keeps_report=True)
    for _ in range(5 * THREADS):
        expected.add(**arrays)
    assert accumulator.totals() == expected.totals() and accumulator.report() == expected.report()
    assert {group.count for group in groups} == {2500} and len({group.sum for group in groups}) == 1
    assert evaluation.count == 5 * THREADS * 500
    assert all(ce.Accumulator.from_bytes(state).count % 500 == 0 for state in states)


def test_objects_merged_into_each_other_do_not_wait_for_ever() -> None:
    left, right = ce.Evaluation(), ce.Evaluation()

    def work(number: int) -> None:
        (left if number % 2 else right).merge(right if number % 2 else left)

    in_threads(work)
    assert left.count == right.count == 0


def test_call_releases_the_gil() -> None:
    arrays, interval = batch(1_000_000), sys.getswitchinterval()
    start, ran = threading.Lock(), threading.Event()
    start.acquire()

    def work() -> None:
        with start:
            ran.set()

    thread = threading.Thread(target=work)
    thread.start()
    # With this interval, the interpreter does not make this thread release the GIL, so only the calls can. Several
    # calls may be needed before the system runs the other thread.
    sys.setswitchinterval(1000)
    try:
        start.release()
        calls = 0
        while not ran.is_set() and calls < 1000:
            ce.loss(**arrays)
            calls += 1
        assert ran.is_set()
    finally:
        sys.setswitchinterval(interval)
        thread.join()

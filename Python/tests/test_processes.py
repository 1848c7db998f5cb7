# SPDX-License-Identifier: Apache-2.0
"""Forked and spawned processes that send arrays and objects to each other."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from typing import List, Tuple

import numpy as np
import pytest

import cross_entropy as ce

generator = np.random.default_rng(170)
# So many elements that the library uses several threads.
X, T = generator.normal(size=1_500_000).astype(np.float32), generator.random(1_500_000) < 0.4

Results = Tuple[ce.Accumulator, ce.GroupedLosses, ce.Evaluation]


def shard(bounds: Tuple[int, int]) -> Results:
    part = slice(*bounds)
    accumulator, groups, evaluation = ce.Accumulator(), ce.GroupedLosses(2), ce.Evaluation()
    for destination in (accumulator, evaluation):
        destination.add(logits=X[part], targets=T[part])
    groups.add(logits=X[part], targets=T[part], groups=T[part].astype(np.uint8))
    return accumulator, groups, evaluation


def merged(parts: List[Results]) -> Results:
    accumulator, groups, evaluation = parts[0]
    for other in parts[1:]:
        accumulator.merge(other[0])
        groups.merge(other[1])
        evaluation.merge(other[2])
    return accumulator, groups, evaluation


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_shards_of_processes_add_up_to_the_whole(method: str) -> None:
    shards = [(0, 400_000), (400_000, 400_001), (400_001, len(X))]
    expected = merged([shard(bounds) for bounds in shards[::-1]])
    with multiprocessing.get_context(method).Pool(2) as pool:
        accumulator, groups, evaluation = merged(pool.map_async(shard, shards).get(timeout=120))
    assert accumulator.totals() == expected[0].totals()
    assert accumulator.count == groups.element_count == evaluation.count == len(X)
    assert list(groups) == list(expected[1])
    assert evaluation.measures() == expected[2].measures()


def test_child_of_a_fork_uses_threads_and_objects_of_its_parent() -> None:
    loss = ce.loss(logits=X, targets=T)
    accumulator = ce.Accumulator()
    accumulator.add(logits=X, targets=T)
    # There are several forks, so that some occur while the library's threads are still looking for work.
    for _ in range(20):
        ce.loss(logits=X, targets=T)
        child = os.fork()
        if child == 0:
            accumulator.add(logits=X, targets=T)
            good = ce.loss(logits=X, targets=T) == loss and accumulator.count == 2 * len(X)
            os._exit(0 if good else 1)
        assert os.waitpid(child, 0)[1] == 0
    assert accumulator.count == len(X)


def run(code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True,
        text=True,
    )


def test_library_that_is_missing_is_named() -> None:
    result = run("import cross_entropy", CROSS_ENTROPY_LIBRARY="/nowhere/libcross_entropy.so.1")
    assert result.returncode == 1
    assert "ImportError: the library /nowhere/libcross_entropy.so.1 cannot be loaded" in result.stderr
    assert "CROSS_ENTROPY_LIBRARY" in result.stderr


def test_interpreter_that_ends_leaves_objects_without_an_error() -> None:
    result = run(
        "import cross_entropy as ce, sys\n"
        "kept = [ce.Accumulator(), ce.GroupedLosses(3), ce.Evaluation()]\n"
        "sys.modules['kept'] = kept; kept.append(kept)"
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_import_needs_numpy_alone() -> None:
    code = (
        "import sys, cross_entropy as ce; ce.loss(logits=[0.0], targets=[1]);"
        "print(*{'pyarrow', 'polars', 'pandas', 'torch', 'ml_dtypes', 'typing_extensions'} & set(sys.modules))"
    )
    result = run(code)
    assert (result.returncode, result.stdout) == (0, "\n"), result.stderr

# SPDX-License-Identifier: Apache-2.0
"""The conductor's end of a worker: starts it, asks it, ends it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import workload


@dataclass(frozen=True)
class Timing:
    wall: int  # nanoseconds of all repetitions
    cpu: int  # of all threads
    loss: float
    checksum: float


class WorkerProcess:
    """Idle until asked; nothing is asked of two at a time.

    One with one thread may use one core: XLA spreads loops over all it sees, whatever its flags say, and its settings
    for one thread leave work wandering among several, which costs it half its speed at 65,536 elements.
    """

    def __init__(self, name, command, threads, log):
        self.name = name
        if threads == 1 and shutil.which("taskset"):
            command = ["taskset", "--cpu-list", str(max(os.sched_getaffinity(0))), *command]
        self._log = log
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, bufsize=1
        )

    @classmethod
    def of_library(cls, program, threads, log):
        return cls("library", [program, str(threads), workload.TYPE], threads, log)

    @classmethod
    def of_peer(cls, peer, threads, log):
        script = Path(__file__).with_name("worker.py")
        return cls(peer, [sys.executable, script, peer, str(threads)], threads, log)

    def ways(self, operation):
        return self._ask("ways", operation).split()

    def load(self, count, folder):
        self._ask("load", count, folder)

    def run(self, operation, way, repetitions):
        wall, cpu, loss, checksum = self._ask("run", operation, way, repetitions).split()
        return Timing(int(wall), int(cpu), float(loss), float(checksum))

    def _ask(self, *words):
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            sys.exit(f"{self.name} died at: {words}; see {self._log.name}")
        return answer

    def close(self):
        self._process.stdin.close()
        self._process.wait()

"""The conductor's end of a worker: starts it, asks it, ends it."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Timing:
    wall: int  # nanoseconds of all repetitions
    cpu: int  # of all threads
    loss: float
    slope: float


class WorkerProcess:
    """Idle until asked; nothing is asked of two at a time."""

    def __init__(self, name, command, log):
        self.name = name
        self._log = log
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, bufsize=1
        )

    @classmethod
    def of_peer(cls, peer, threads, log):
        return cls(peer, [sys.executable, Path(__file__).with_name("worker.py"), peer, str(threads)], log)

    def ways(self, operation):
        return self._ask("ways", operation).split()

    def load(self, count, folder):
        self._ask("load", count, folder)

    def run(self, operation, way, repetitions):
        wall, cpu, loss, slope = self._ask("run", operation, way, repetitions).split()
        return Timing(int(wall), int(cpu), float(loss), float(slope))

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

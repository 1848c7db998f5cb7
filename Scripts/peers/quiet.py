# SPDX-License-Identifier: Apache-2.0
"""Waits until nobody else uses the machine: threads that meet at a barrier are a hundred times slower beside a
compiler.

The workers are idle when this looks, so all that is busy is somebody else's.
"""

import sys
import time
from pathlib import Path

WINDOW = 0.06  # seconds that are looked at; the system counts in hundredths
BUSY = 0.35  # of one core
PATIENCE = 240  # seconds that one run may wait in all

_waited = 0.0


def _busy_seconds():
    """Of all cores since the start of the system, or None where nobody says."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    except OSError:
        return None
    user, nice, system, _, _, interrupt, soft = map(int, fields[:7])
    return (user + nice + system + interrupt + soft) / 100


def wait():
    """Whether the machine is quiet; it is waited for until patience is used up."""
    global _waited
    while True:
        before = _busy_seconds()
        if before is None:
            return True
        time.sleep(WINDOW)
        if _busy_seconds() - before <= BUSY * WINDOW:
            return True
        if _waited >= PATIENCE:
            return False
        _waited += WINDOW
        if _waited >= PATIENCE:
            print("others kept the machine busy: figures are less certain from here on", file=sys.stderr)


def waited():
    """Seconds spent waiting so far."""
    return round(_waited, 1)

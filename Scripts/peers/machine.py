# SPDX-License-Identifier: Apache-2.0
"""What figures depend on: the machine, and the versions of all that took part."""

import datetime
import importlib.metadata
import os
import platform
import re
import subprocess
from pathlib import Path


def _first(pattern, path):
    try:
        match = re.search(pattern, Path(path).read_text(), re.MULTILINE)
    except OSError:
        match = None
    return match.group(1).strip() if match else "unknown"


def _output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def available_gib():
    """Memory that is free, or infinity where nobody says."""
    text = _first(r"^MemAvailable: *(\d+)", "/proc/meminfo")
    return int(text) / 2**20 if text.isdigit() else float("inf")


def describe():
    total = _first(r"^MemTotal: *(\d+)", "/proc/meminfo")
    family, model = (_first(rf"^{key}\s*: (\d+)", "/proc/cpuinfo") for key in ("cpu family", "model"))
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": _first(r"^model name\s*: (.*)", "/proc/cpuinfo"),
        "cpuFamilyAndModel": f"{family}/{model}",
        "instructionSets": _output("Scripts/instruction-sets.sh").split(),
        "cores": cores(),
        "memoryGiB": round(int(total) / 2**20) if total.isdigit() else None,
        "system": f"{platform.system()} {platform.machine()}",
        "swift": re.sub(r".*(Swift version \S+).*", r"\1", _output("swift", "--version"), flags=re.DOTALL),
        "python": platform.python_version(),
        "gcc": _output("gcc", "-dumpfullversion"),
        "glibc": platform.libc_ver()[1],
        "library": _output("git", "describe", "--always", "--dirty", "--tags"),
    }


def versions(packages):
    return {package: importlib.metadata.version(package) for package in packages}

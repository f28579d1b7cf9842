"""How much memory a process needed."""

import re
from pathlib import Path


def most_resident() -> float:
    """MB that this process had resident at most, since its program was started.

    getrusage would tell the peak of the process that started it, where that was higher.
    """
    return _megabytes("VmHWM")


def resident() -> float:
    """MB that this process has resident now."""
    return _megabytes("VmRSS")


def _megabytes(field: str) -> float:
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024

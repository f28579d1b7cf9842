"""How many people of a group answered, as a result tells it.

A result says of fewer people than it may tell of that they answered, and not how many: their number is None.
"""

from collections.abc import Mapping
from typing import Any


def was_heard(group: Mapping[str, Any]) -> bool:
    """Whether anybody of the group answered."""
    return group["n"] is None or group["n"] > 0


def is_few(group: Mapping[str, Any], fewest: int) -> bool:
    """Whether somebody answered, and fewer than `fewest`; older results tell the number all the same."""
    return group["n"] is None or 0 < group["n"] < fewest

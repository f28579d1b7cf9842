"""Made-up grids to draw, and what collides on a layout, found again from its own boxes."""

import random
from collections.abc import Sequence
from itertools import combinations
from math import hypot

from figures.geometry import clip_line
from figures.grid import GridFigure, GridLayout, GridPoint, Strategies
from tests.figures.boxes import distance
from tests.figures.sample_results import CHINESE_NAMES, LONG_NAMES

STRATEGIES = Strategies(both="Manage closely", power="Keep satisfied", interest="Keep informed", neither="Monitor")
# Name, whether internal, power, interest.
Row = tuple[str, bool, int, int]
HOUSE: list[Row] = [
    ("Government and Regulatory Agencies", False, 5, 3),
    ("Shareholder", True, 5, 5),
    ("Client", False, 4, 5),
    ("Staff", True, 4, 4),
    ("Business Partner", False, 4, 2),
    ("Supplier", False, 2, 3),
    ("Community", False, 2, 4),
    ("Environmental Organization", False, 1, 2),
]
HUGE_NAMES = [f"{name} {'and everybody who belongs to them ' * 8}"[:120] for name in LONG_NAMES]


def grid_of(rows: Sequence[Row], **more: object) -> GridFigure:
    points = tuple(
        GridPoint(number, name, f"/groups/{number}/", internal, power, interest)
        for number, (name, internal, power, interest) in enumerate(rows, start=1)
    )
    return GridFigure(
        **({"subject": "Example Ltd., 2022", "points": points, "strategies": STRATEGIES, "high": 3} | more)
    )


def scattered(count: int, seed: int, names: Sequence[str] = LONG_NAMES, low: int = 1, high: int = 5) -> GridFigure:
    """`count` groups with any scores from `low` to `high`."""
    draw = random.Random(seed)
    return grid_of(
        [
            (_name(names, number), draw.random() < 0.4, draw.randint(low, high), draw.randint(low, high))
            for number in range(count)
        ]
    )


def one_cell(count: int, power: int = 4, interest: int = 4, names: Sequence[str] = LONG_NAMES) -> GridFigure:
    """Every group has the same scores."""
    return grid_of([(_name(names, number), number % 3 == 0, power, interest) for number in range(count)])


def _name(names: Sequence[str], number: int) -> str:
    return names[number % len(names)] + (f" {number}" if number >= len(names) else "")


GRIDS = {
    "house": lambda: grid_of(HOUSE),
    "one": lambda: grid_of(HOUSE[:1]),
    "12": lambda: scattered(12, 1),
    "30": lambda: scattered(30, 2),
    "50": lambda: scattered(50, 3),
    "50 Chinese": lambda: scattered(50, 4, CHINESE_NAMES),
    "50 huge": lambda: scattered(50, 5, HUGE_NAMES),
    "50 in a corner": lambda: scattered(50, 6, low=4),
    "30 without a break": lambda: scattered(30, 7, ["Interessengemeinschaften" * 5]),
    "8 in one cell": lambda: one_cell(8),
    "20 in one cell": lambda: one_cell(20),
    "50 in one cell": lambda: one_cell(50),
    "50 in the highest cell": lambda: one_cell(50, 5, 5),
    "50 in the lowest cell": lambda: one_cell(50, 1, 1),
}


def faults_of(layout: GridLayout) -> list[str]:
    """Every pair that touches and should not: labels, marks, names of strategies, leaders, the frame."""
    found = []
    marks = layout.marks
    for one, other in combinations(marks, 2):
        if hypot(one.x - other.x, one.y - other.y) < one.radius + other.radius:
            found.append(f"mark {one.point.number} on mark {other.point.number}")
    found += [
        f"mark {mark.point.number} on a strategy"
        for mark in marks
        if any(distance(name.box, (mark.x, mark.y)) < mark.radius for name in layout.names)
    ]
    named = [(mark, mark.label) for mark in marks if mark.label]
    for (one, label), (other, other_label) in combinations(named, 2):
        if label.box.overlaps(other_label.box):
            found.append(f"label {one.point.number} on label {other.point.number}")
    for mark, label in named:
        number = mark.point.number
        if not layout.plot.holds(label.box):
            found.append(f"label {number} over the frame")
        if any(label.box.overlaps(name.box) for name in layout.names):
            found.append(f"label {number} on a strategy")
        found += [
            f"label {number} on mark {other.point.number}"
            for other in marks
            if distance(label.box, (other.x, other.y)) < other.radius
        ]
        for other, other_label in named:
            if other is not mark and other_label.leader and clip_line(other_label.leader, label.box):
                found.append(f"label {number} on the leader of {other.point.number}")
    return found

"""Which things on a layout collide, found again from the layout's own boxes, by plain geometry."""

from itertools import combinations
from math import hypot

from figures.geometry import Box, Dot, clip_line
from figures.layout import MatrixLayout
from figures.marks import Mark


def collisions(layout: MatrixLayout) -> list[str]:
    """Every pair that touches and should not: labels with labels, marks, dots, leaders, the frame, names of bands."""
    found = []
    named = [mark for mark in layout.marks if mark.label]
    boxes = {mark.point.code: mark.label.box for mark in named if mark.label}
    leaders = {mark.point.code: mark.label.leader for mark in named if mark.label and mark.label.leader}
    for (one, box), (other, other_box) in combinations(boxes.items(), 2):
        if box.overlaps(other_box):
            found.append(f"label {one} on label {other}")
    for code, box in boxes.items():
        if not layout.plot.holds(box):
            found.append(f"label {code} over the frame")
        found += [
            f"label {code} on mark {mark.point.code}"
            for mark in layout.marks
            if distance(box, (mark.x, mark.y)) < mark.outer_radius
        ]
        found += [
            f"label {code} on the dot of {mark.point.code}"
            for mark in layout.marks
            if mark.moved and distance(box, (mark.score_x, mark.score_y)) < 2.5
        ]
        found += [
            f"label {code} on the leader of {other}"
            for other, leader in leaders.items()
            if other != code and clip_line(leader, box)
        ]
        found += [f"label {code} on {name.text!r}" for name in layout.band_names if box.overlaps(name.box)]
    return found


def marks_on_marks(layout: MatrixLayout) -> list[str]:
    """Pairs of marks one of which covers the other's number."""
    return [
        f"{one.point.rank} on {other.point.rank}"
        for one, other in combinations(layout.marks, 2)
        if apart(one, other) < 0.9 * (one.radius + other.radius)
    ]


def hidden_dots(layout: MatrixLayout) -> list[str]:
    """Scores that cannot be seen: of a moved mark, under any mark."""
    return [
        f"the score of {mark.point.rank} under {other.point.rank}"
        for mark in layout.marks
        if mark.moved
        for other in layout.marks
        if hypot(mark.score_x - other.x, mark.score_y - other.y) < 0.9 * other.radius
    ]


def apart(one: Mark, other: Mark) -> float:
    return hypot(one.x - other.x, one.y - other.y)


def distance(box: Box, dot: Dot) -> float:
    across = max(box.left - dot[0], dot[0] - box.right, 0.0)
    down = max(box.top - dot[1], dot[1] - box.bottom, 0.0)
    return hypot(across, down)

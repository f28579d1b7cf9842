"""Labels for marks around one spot: two tidy columns, left and right of them, reached without crossing labels.

The labels of such a ring start there, so that each has a place; those that find a better one leave it (`labels`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from figures.candidates import (
    ASCENT,
    DESCENT,
    END,
    LEADER_GAP,
    LINE,
    SIZE,
    START,
    Ground,
)
from figures.geometry import Box, Floats
from figures.lettering import balance, shorten, text_width

AWAY = 30.0  # from the marks to their columns
WIDEST, NARROWEST = 250.0, 110.0
BETWEEN = 2.0  # between the labels of a column
FAR_TOO_LONG = 1e6
PASSES = 12


@dataclass(frozen=True, slots=True)
class Slot:
    """A label in a column: which mark it names, its lines and box, its anchor, and where its leader ends."""

    number: int
    lines: tuple[str, ...]
    box: Box
    anchor: int
    end: tuple[float, float]
    shortened: bool


def fill_columns(members: Sequence[int], names: Sequence[str], ground: Ground) -> list[Slot]:
    """Slots for `members`, as near to their marks as can be; who finds none is missing in the answer."""
    centres = ground.centres[list(members)]
    for lines in (2, 1):
        tops, edges, anchors = _slots(centres, ground, lines)
        if len(tops) >= len(members) or lines == 1:
            break
    if not len(tops):
        return []
    room = _room(ground, edges, anchors)
    texts = [_in_lines(names[number], lines, room) for number in members]
    widths = np.array([max(text_width(line, SIZE) for line in text) for text, _ in texts])
    heights = np.array([LINE * (len(text) - 1) + ASCENT + DESCENT for text, _ in texts])
    left = np.where(anchors == START, edges, edges - widths[:, None])
    top = tops + (_height(lines) - heights[:, None]) / 2
    boxes = np.stack([left, top, left + widths[:, None], top + heights[:, None]], axis=2)
    flat = boxes.reshape(-1, 4)
    free = (ground.blocked.taken(flat) == 0).reshape(boxes.shape[:2])
    ends = np.column_stack([edges - anchors * LEADER_GAP, tops + _height(lines) / 2])
    lengths = np.hypot(*np.moveaxis(ends[None] - centres[:, None], 2, 0))
    lengths = np.where(free, lengths, FAR_TOO_LONG)
    return [
        Slot(
            number=members[index],
            lines=tuple(texts[index][0]),
            box=Box(*(float(value) for value in boxes[index, slot])),
            anchor=int(anchors[slot]),
            end=(float(ends[slot, 0]), float(ends[slot, 1])),
            shortened=texts[index][1],
        )
        for index, slot in _assign(lengths)
    ]


def _height(lines: int) -> float:
    return LINE * (lines - 1) + ASCENT + DESCENT


def _slots(centres: Floats, ground: Ground, lines: int) -> tuple[Floats, Floats, Floats]:
    """Top, near edge and anchor of the slots of both columns; a column without room for names has none."""
    plot, pitch = ground.plot, _height(lines) + BETWEEN
    count = int((plot.height - 8.0) / pitch)
    # Slots lie symmetrical around the middle of the marks, as far as the plot goes.
    middle = float(np.median(centres[:, 1]))
    first = (middle - pitch / 2 - plot.top - 4.0) % pitch
    tops = plot.top + 4.0 + first + pitch * np.arange(count)
    tops = tops[tops + pitch <= plot.bottom - 2.0]
    parts = []
    left_edge, right_edge = centres[:, 0].min() - AWAY, centres[:, 0].max() + AWAY
    if left_edge - plot.left >= NARROWEST:
        parts.append((tops, np.full(len(tops), left_edge), np.full(len(tops), END)))
    if plot.right - right_edge >= NARROWEST:
        parts.append((tops, np.full(len(tops), right_edge), np.full(len(tops), START)))
    if not parts:
        return np.empty(0), np.empty(0), np.empty(0)
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))  # type: ignore[return-value]


def _room(ground: Ground, edges: Floats, anchors: Floats) -> float:
    """The width that a label has in the narrower column."""
    rooms = np.where(anchors == START, ground.plot.right - edges, edges - ground.plot.left) - 8.0
    return float(min(rooms.min(), WIDEST))


def _in_lines(name: str, lines: int, room: float) -> tuple[list[str], bool]:
    if text_width(name, SIZE) <= min(room, 150.0) or (lines == 1 and text_width(name, SIZE) <= room):
        return [name], False
    if lines == 2:
        parts = balance(name, 2, SIZE)
        if parts and max(text_width(part, SIZE) for part in parts) <= room:
            return parts, False
    return shorten(name, room, lines, SIZE), True


def _assign(lengths: Floats) -> list[tuple[int, int]]:
    """Pairs (member, slot) with a small sum of lengths: exchanged until no exchange makes the sum smaller.

    Straight leaders of least total length do not cross.
    """
    count, slots = lengths.shape
    taken: list[int | None] = [None] * slots
    place: list[int | None] = [None] * count
    for member in np.argsort(lengths.min(axis=1), kind="stable"):
        for slot in np.argsort(lengths[member], kind="stable"):
            if taken[slot] is None and lengths[member, slot] < FAR_TOO_LONG:
                taken[slot], place[member] = int(member), int(slot)
                break
    table = lengths.tolist()
    for _ in range(PASSES):
        changed = False
        for member in range(count):
            own = place[member]
            if own is None:
                continue
            row = table[member]
            for slot in range(slots):
                if slot == own or row[slot] >= FAR_TOO_LONG:
                    continue
                other = taken[slot]
                gain = row[own] - row[slot]
                if other is not None:
                    gain += table[other][slot] - table[other][own]
                if gain > 0.01:
                    taken[slot], taken[own], place[member] = member, other, slot
                    if other is not None:
                        place[other] = own
                    own, changed = slot, True
        if not changed:
            break
    return [(member, slot) for member, slot in enumerate(place) if slot is not None]

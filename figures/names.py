"""Where the name of each band stands: at an edge of the plot, inside its band, away from marks and labels."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from figures.bands import Region
from figures.candidates import ASCENT, DESCENT, SIZE
from figures.data import MatrixFigure, Tier
from figures.geometry import Box, Floats, box_distances, lines_meet_boxes
from figures.lettering import sealed, text_width
from figures.palette import style_of

INDENT = 10.0
STEP = 8.0
# Room to the nearest mark: generous if possible, else just enough to be read.
CLEARANCES = (30.0, 12.0)


@dataclass(frozen=True, slots=True)
class BandName:
    """The name of a band, starting at `x` on its baseline."""

    text: str
    x: float
    baseline: float
    style: int
    box: Box


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is on the plot before the bands are named: marks (centres and radii), dots, leaders and tethers, labels."""

    plot: Box
    centres: Floats
    radii: Floats
    dots: Floats
    lines: Floats
    boxes: list[Box]


def name_bands(figure: MatrixFigure, ground: Surroundings, inside: Region) -> list[BandName]:
    """A name for each band that has room for it. The legend names every tier anyway."""
    placed: list[BandName] = []
    for tier, named in enumerate(figure.tiers):
        for text in _texts(named, figure):
            box = _find(text, tier, len(figure.tiers), ground, inside, [name.box for name in placed])
            if box:
                placed.append(BandName(text, box.left, box.top + ASCENT, style_of(tier), box))
                break
    return placed


def _texts(tier: Tier, figure: MatrixFigure) -> tuple[str, ...]:
    # Bands are as computed: where people moved an issue, the number in the tier is not that in the band.
    if any(point.computed is not None for point in figure.points):
        return (tier.name,)
    words = figure.wording
    template = words.band_one if tier.count == 1 else words.band
    return template.format(tier=sealed(tier.name), count=tier.count), tier.name


def _find(text: str, tier: int, tiers: int, ground: Surroundings, inside: Region, taken: list[Box]) -> Box | None:
    width = text_width(text, SIZE, bold=True)
    for clearance in CLEARANCES:
        for left, top in _edges(ground.plot, width, from_bottom=tier == tiers - 1 and tiers > 1):
            box = Box(left, top, left + width, top + ASCENT + DESCENT)
            edge = box.grown(4.0)
            if not all(inside(tier, x, y) for x, y in edge.corners()):
                continue
            if any(edge.overlaps(other) for other in taken):
                continue
            if _is_free(box, ground, clearance):
                return box
    return None


def _is_free(box: Box, ground: Surroundings, clearance: float) -> bool:
    boxes = np.array([box.as_tuple()])
    if (box_distances(boxes, ground.centres)[0] < ground.radii + clearance - 8.0).any():
        return False
    near = box.grown(6.0)
    if any(near.overlaps(label) for label in ground.boxes):
        return False
    near_dot = (box_distances(boxes, ground.dots)[0] < 8.0).any()
    return not near_dot and not lines_meet_boxes(ground.lines, boxes, 4.0).any()


def _edges(plot: Box, width: float, *, from_bottom: bool) -> Iterator[tuple[float, float]]:
    """Upper left corners of places along the edges: the top from left to right first, or the bottom for the lowest."""
    left, right = plot.left + INDENT, plot.right - INDENT - width
    top, bottom = plot.top + 6.5, plot.bottom - 6.5 - ASCENT - DESCENT
    across = [left + STEP * step for step in range(max(int((right - left) / STEP) + 1, 0))]
    down = [top + STEP * step for step in range(int((bottom - top) / STEP) + 1)]
    rows = [bottom, top] if from_bottom else [top, bottom]
    for y in rows:
        yield from ((x, y) for x in across)
    for x in (left, right):
        if right >= left:
            yield from ((x, y) for y in (reversed(down) if from_bottom else down))

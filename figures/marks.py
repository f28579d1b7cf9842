"""The marks of a matrix and their labels: where each stands on the plot, in pixels.

Numbers that would cover each other move aside (`badges`), then names find their places (`labels`), then bands theirs
(`names`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from figures.badges import Settled, settle
from figures.bands import Region
from figures.candidates import ASCENT, LINE, prepare_ground
from figures.data import MatrixFigure, Point
from figures.geometry import Box, Dot, Floats
from figures.labels import PlacedLabel, place_labels
from figures.names import BandName, Surroundings, name_bands
from figures.palette import Shape, shape_of, style_of

# Up to this many issues are named on the figure; beyond, numbers stand for the names in the list.
MOST_NAMES = 60
# Up to this many have numbers; beyond, they are small marks that may cover each other.
MOST_NUMBERS = 150
# In radii of a mark: what must stay free of other marks, and of labels.
VISIBLE: dict[Shape, float] = {
    "circle": 0.95, "diamond": 1.15, "ring": 1.1, "triangle": 1.2, "square": 1.1, "dashes": 1.1,
}  # fmt: skip
OUTER: dict[Shape, float] = {
    "circle": 1.08, "diamond": 1.22, "ring": 1.1, "triangle": 1.3, "square": 1.2, "dashes": 1.1,
}  # fmt: skip
# The dashed ring around the mark of an issue in another tier than computed: its radius in radii of the mark, beyond
# the corners of a diamond, and the px of room between them.
RING, RING_GAP = 1.2, 2.5


@dataclass(frozen=True, slots=True)
class Ellipse:
    """The interval of both scores; `rx` is 0 on a strip, where only one score has one."""

    cx: float
    cy: float
    rx: float
    ry: float


@dataclass(frozen=True, slots=True)
class Label:
    """A name in lines: `x` and the baselines, the box it fills, the leader from its mark."""

    lines: tuple[str, ...]
    x: float
    baselines: tuple[float, ...]
    anchor: Literal["start", "middle", "end"]
    box: Box
    leader: tuple[Dot, Dot] | None
    shortened: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """An issue on the plot: the mark's centre, its score's place, and its label if it has one.

    `was` is where its score stood before, if that is elsewhere.
    """

    point: Point
    x: float
    y: float
    score_x: float
    score_y: float
    moved: bool
    radius: float
    shape: Shape
    style: int
    ellipse: Ellipse | None
    label: Label | None
    was: Dot | None = None

    @property
    def ring(self) -> float | None:
        """The radius of the ring that says that the issue's tier was decided; None where it stands as computed."""
        return _ring(self.point, self.radius)

    @property
    def outer_radius(self) -> float:
        """Nothing foreign comes nearer to the centre."""
        return max(self.radius * OUTER[self.shape], self.ring or 0.0)


def place_marks(
    figure: MatrixFigure,
    scores: Floats,
    ellipses: Sequence[Ellipse | None],
    plot: Box,
    inside: Region,
    named: Collection[str] | None,
) -> tuple[tuple[Mark, ...], list[BandName]]:
    """The marks of a figure with their labels, and the names of its bands.

    Parameters
    ----------
    scores
        Where the score of each point lies, (n, 2).
    ellipses
        The interval of each point, where it is known.
    inside
        Whether a place lies in the band of a tier.
    named
        Codes of the only issues that are named; all if None.
    """
    points = figure.points
    radius = _radius(len(points))
    styles = [style_of(point.tier) for point in points]
    shapes = [shape_of(style) for style in styles]
    rings = np.array([_ring(point, radius) or 0.0 for point in points])
    if len(points) <= MOST_NUMBERS:
        visible = np.maximum([radius * VISIBLE[shape] for shape in shapes], rings)
        settled = settle(scores, visible, plot)
    else:
        settled = Settled(scores, np.zeros(len(points), bool))
    centres = settled.centres
    moved = settled.moved
    outer = np.maximum([radius * OUTER[shape] for shape in shapes], rings)
    dots, tethers = scores[moved], np.hstack([scores[moved], centres[moved]])
    whiskers = np.array([(one.cx, one.cy - one.ry, one.cx, one.cy + one.ry) for one in ellipses if one and not one.rx])
    placed: list[PlacedLabel | None] = [None] * len(points)
    # Who is named comes first: the others are marks in the way.
    order = [index for index, point in enumerate(points) if named is None or point.code in named]
    if order:
        order += [] if named is None else [index for index in range(len(points)) if index not in set(order)]
        ground = prepare_ground(plot, centres[order], outer[order], dots, tethers, whiskers.reshape(-1, 4))
        texts = [points[index].name for index in order if named is None or points[index].code in named]
        labels = place_labels(texts, ground, settled.rings if named is None else ())
        for index, label in zip(order, labels, strict=False):
            placed[index] = label
    taken = Surroundings(
        plot=plot,
        centres=centres,
        radii=outer,
        dots=dots,
        lines=np.vstack([tethers, *([(*one.leader[0], *one.leader[1])] for one in placed if one and one.leader)]),
        boxes=[one.box for one in placed if one],
    )
    band_names = name_bands(figure, taken, inside)
    marks = tuple(
        Mark(
            point=point,
            x=float(centres[index, 0]),
            y=float(centres[index, 1]),
            score_x=float(scores[index, 0]),
            score_y=float(scores[index, 1]),
            moved=bool(moved[index]),
            radius=radius,
            shape=shapes[index],
            style=styles[index],
            # So many intervals would hide each other and the marks.
            ellipse=ellipses[index] if len(points) <= MOST_NUMBERS else None,
            label=label_of(placed[index]),
        )
        for index, point in enumerate(points)
    )
    return marks, band_names


def _ring(point: Point, radius: float) -> float | None:
    return None if point.computed is None else radius * RING + RING_GAP


def _radius(count: int) -> float:
    """The more marks, the smaller."""
    for most, radius in ((30, 10.0), (MOST_NAMES, 9.0), (MOST_NUMBERS, 8.0)):
        if count <= most:
            return radius
    return 4.0


def label_of(placed: PlacedLabel | None) -> Label | None:
    """A placed label with its text where a painter writes it."""
    if placed is None:
        return None
    box = placed.box
    x = {1: box.left, 0: (box.left + box.right) / 2, -1: box.right}[placed.anchor]
    anchor: dict[int, Literal["start", "middle", "end"]] = {1: "start", 0: "middle", -1: "end"}
    return Label(
        lines=placed.lines,
        x=x,
        baselines=tuple(box.top + ASCENT + LINE * line for line in range(len(placed.lines))),
        anchor=anchor[placed.anchor],
        box=box,
        leader=placed.leader,
        shortened=placed.shortened,
    )

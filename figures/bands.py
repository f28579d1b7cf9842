"""The regions of the tiers on the plot: polygons between the curves on which priority equals a boundary.

Priority rises with both axes, so each boundary is a curve falling from the upper left to the lower right: a straight
line for the mean, an arc for the distance from the origin, an L for the higher or the lower of both axes.
"""

from collections.abc import Callable, Sequence
from math import cos, hypot, pi, sin, sqrt

from figures.axes import Axis
from figures.data import Boundary, MatrixFigure, PriorityRule
from figures.geometry import Box, Dot, clip_line, clip_polygon

FAR = 1e5
ARC_STEPS = 96

Inside = Callable[[float, float], bool]
# Whether a pixel is in the band of a tier.
Region = Callable[[int, float, float], bool]


def curve(priority: PriorityRule, boundary: float | tuple[float, float], x_axis: Axis, y_axis: Axis) -> list[Dot]:
    """The boundary in pixels, from the upper left to the lower right, running far beyond the plot at both ends."""
    if isinstance(boundary, tuple):
        x, y = x_axis.place(boundary[0]), y_axis.place(boundary[1])
        return [(x, -FAR), (x, y), (FAR, y)]
    cut = boundary
    if priority == "mean":
        reach = abs(cut) + abs(x_axis.end - x_axis.start) * 50
        return [
            (x_axis.place(cut - reach), y_axis.place(cut + reach)),
            (x_axis.place(cut + reach), y_axis.place(cut - reach)),
        ]
    x, y = x_axis.place(cut), y_axis.place(cut)
    if priority == "min":
        return [(x, -FAR), (x, y), (FAR, y)]
    if priority == "max":
        return [(-FAR, y), (x, y), (x, FAR)]
    # The distance from the origin is given on the rating scale: sqrt(2) times as far where both scores are the same.
    radius = cut * sqrt(2)
    angles = [pi / 2 * (1 - step / ARC_STEPS) for step in range(ARC_STEPS + 1)]
    arc = [(x_axis.place(radius * cos(angle)), y_axis.place(radius * sin(angle))) for angle in angles]
    return [(-FAR, arc[0][1]), *arc, (arc[-1][0], FAR)]


def reaches(priority: PriorityRule, boundary: float | tuple[float, float], x: float, y: float) -> bool:
    """Whether scores `x` and `y` are on the higher side of `boundary`."""
    if isinstance(boundary, tuple):
        return x >= boundary[0] and y >= boundary[1]
    if priority == "mean":
        return (x + y) / 2 >= boundary
    if priority == "distance":
        return hypot(x, y) / sqrt(2) >= boundary
    return (max(x, y) if priority == "max" else min(x, y)) >= boundary


def regions(
    priority: PriorityRule, boundaries: Sequence[Boundary], x_axis: Axis, y_axis: Axis, plot: Box
) -> tuple[list[tuple[int, list[Dot]]], list[list[Dot]]]:
    """Bands to be painted one over the other, lowest first, and the lines between them.

    Returns
    -------
    bands
        (tier, polygon). A tier next to an unknown boundary has no band of its own.
    lines
        The boundaries inside the plot.
    """
    bands: list[tuple[int, list[Dot]]] = []
    lines: list[list[Dot]] = []
    tiers = len(boundaries) + 1
    known = [
        tier
        for tier in range(tiers)
        if (tier == 0 or boundaries[tier - 1] is not None) and (tier == tiers - 1 or boundaries[tier] is not None)
    ]
    if tiers == 1 or not known:
        return bands, lines
    frame = plot.corners()
    if tiers - 1 in known:
        bands.append((tiers - 1, frame))
    for number in range(tiers - 2, -1, -1):
        boundary = boundaries[number]
        if boundary is None:
            continue
        path = curve(priority, boundary, x_axis, y_axis)
        above = clip_polygon([*path, (FAR, path[-1][1]), (FAR, -FAR), (path[0][0], -FAR)], plot)
        if len(above) > 2:
            # A region that cannot be told from its neighbour is painted over in the colour of paper: tier -1.
            bands.append((number if number in known else -1, above))
        # An empty tier has no width: its two edges are one.
        lines.extend(line for line in clip_line(path, plot) if line not in lines)
    return bands, lines


def is_inside(priority: PriorityRule, boundaries: Sequence[Boundary], tier: int) -> Inside | None:
    """A test whether scores lie in the band of `tier`; None when the band has no edges of its own."""
    upper = boundaries[tier - 1] if tier else None
    lower = boundaries[tier] if tier < len(boundaries) else None
    if (tier and upper is None) or (tier < len(boundaries) and lower is None) or not boundaries:
        return None

    def inside(x: float, y: float) -> bool:
        below_upper = upper is None or not reaches(priority, upper, x, y)
        return below_upper and (lower is None or reaches(priority, lower, x, y))

    return inside


def cuts_of_one_axis(figure: MatrixFigure, scores: Sequence[float]) -> list[float]:
    """Boundaries where only one axis has answers; none when they do not divide its `scores` as the tiers do."""
    axis = 1 if figure.missing_axis == "company" else 0
    cuts = [cut[axis] if isinstance(cut, tuple) else cut for cut in figure.boundaries if cut is not None]
    if len(cuts) != len(figure.boundaries):
        return []
    for point, score in zip(figure.points, scores, strict=True):
        if point.tier is not None and point.tier != sum(score < cut for cut in cuts):
            return []
    return cuts

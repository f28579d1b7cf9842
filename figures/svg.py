"""Paints a layout as inline SVG for a page: every issue a link to its row in the table, styled by the stylesheet.

No style attribute and no script: a strict content security policy holds. Every name is escaped.
"""

from collections.abc import Sequence
from html import escape
from math import sqrt
from typing import NamedTuple
from urllib.parse import quote

from figures.data import MatrixFigure, number
from figures.geometry import Dot
from figures.layout import MatrixLayout, lay_out
from figures.lettering import gaps
from figures.marks import Label, Mark
from figures.names import BandName
from figures.palette import Shape, is_hollow

# Numbers stand this far below the middle of their mark.
NUMBER_DROP = 4.0
# The size of the ring where a score stood before, in radii of a mark.
GHOST = 0.6
# The plot on a narrow screen: as wide as the screen of a small phone, less the page's margins.
NARROW = (342.0, 380.0)


class PageLayouts(NamedTuple):
    """Both layouts of a figure, of which the stylesheet of a page shows one: with names, and narrow with numbers."""

    wide: MatrixLayout
    narrow: MatrixLayout

    @property
    def have_moved_marks(self) -> bool:
        return self.wide.has_moved_marks or self.narrow.has_moved_marks


def lay_out_page(figure: MatrixFigure) -> PageLayouts:
    return PageLayouts(lay_out(figure), lay_out(figure, *NARROW, names=False))


def paint_page(layouts: PageLayouts, prefix: str = "mx") -> str:
    """Both drawings, as one element."""
    wide = paint_svg(layouts.wide, prefix)
    narrow = paint_svg(layouts.narrow, f"{prefix}n", kind="narrow")
    return f'<div class="matrix-pair">\n{wide}\n{narrow}\n</div>'


def paint_svg(layout: MatrixLayout, prefix: str = "mx", kind: str = "wide") -> str:
    """The SVG element of `layout`.

    Parameters
    ----------
    prefix
        Begins the ids in the drawing: unlike for every drawing on a page.
    kind
        "wide" or "narrow": which screens it is made for, as part of its class.
    """
    return "\n".join(
        [
            _opening(layout, prefix, kind),
            *_ground(layout, prefix),
            # Intervals, leaders and tethers lie under all marks; the last rank first, so what matters most is on top.
            f'<g clip-path="url(#{prefix}-plot)">{_intervals(layout)}</g>',
            *(_trail(mark) for mark in reversed(layout.marks) if mark.was),
            *(_lines(mark) for mark in reversed(layout.marks) if mark.moved or (mark.label and mark.label.leader)),
            *(_mark(mark, layout) for mark in reversed(layout.marks)),
            "</svg>",
        ]
    )


def _opening(layout: MatrixLayout, prefix: str, kind: str) -> str:
    words = layout.figure.wording
    description = (
        words.matrix_description
        if layout.kind == "matrix"
        else words.strip_description.format(axis=layout.y_name.removeprefix("↑ "))
    )
    radius = layout.marks[0].radius
    dense = "".join(name for name, below in ((" dense", 10), (" tiny", 5)) if radius < below)
    return (
        f'<svg class="chart matrix matrix-{kind}{dense}" viewBox="0 0 {layout.width:g} {layout.height:g}" role="group" '
        f'aria-labelledby="{prefix}-t {prefix}-d"><title id="{prefix}-t">{escape(layout.figure.title)}</title>'
        f'<desc id="{prefix}-d">{escape(description)}</desc>'
    )


def _ground(layout: MatrixLayout, prefix: str) -> list[str]:
    plot = layout.plot
    frame = f'x="{plot.left:g}" y="{plot.top:g}" width="{plot.width:g}" height="{plot.height:g}"'
    lines = [f'<clipPath id="{prefix}-plot"><rect {frame}/></clipPath>']
    for band in layout.bands:
        style = "band-0" if band.style is None else f"band-{band.style + 1}"
        lines.append(f'<polygon class="{style}" points="{dots(band.polygon)}"/>')
    vertical = [f"M{tick.pixel:.1f} {plot.top:g}v{plot.height:g}" for tick in layout.x_ticks if tick.has_line]
    horizontal = [f"M{plot.left:g} {tick.pixel:.1f}h{plot.width:g}" for tick in layout.y_ticks if tick.has_line]
    if vertical or horizontal:
        lines.append(f'<path class="grid" d="{"".join(vertical + horizontal)}"/>')
    lines += [
        f'<text class="tick" x="{tick.pixel:.1f}" y="{plot.bottom + 18:g}" text-anchor="middle">{tick.text}</text>'
        for tick in layout.x_ticks
    ]
    lines += [
        f'<text class="tick" x="{plot.left - 8:g}" y="{tick.pixel + 4:.1f}" text-anchor="end">{tick.text}</text>'
        for tick in layout.y_ticks
    ]
    lines += [f'<path class="cut" d="M{dots(line, "L")}"/>' for line in layout.lines]
    lines.append(f'<rect class="frame" {frame}/>')
    lines += [_band_name(name) for name in layout.band_names]
    lines.append(
        f'<text class="axis-name" x="{plot.right:g}" y="{layout.foot:g}" text-anchor="end">'
        f"{escape(layout.x_name)}</text>"
        f'<text class="axis-name" x="{plot.left:g}" y="{plot.top - 11:g}">{escape(layout.y_name)}</text>'
    )
    if layout.remark:
        lines.append(f'<text class="faint" x="{plot.left:g}" y="{layout.foot:g}">{escape(layout.remark)}</text>')
    return lines


def _band_name(name: BandName) -> str:
    place = f'x="{name.x:.1f}" y="{name.baseline:.1f}"'
    return f'<text class="band-name bn-{name.style + 1}" {place}>{escape(name.text)}</text>'


def _intervals(layout: MatrixLayout) -> str:
    """The intervals of all issues; where several are the same, one."""
    drawn: dict[str, None] = {}
    for mark in reversed(layout.marks):
        if mark.ellipse:
            drawn.setdefault(_interval(mark, ""))
    return "".join(drawn)


def _interval(mark: Mark, extra: str) -> str:
    ellipse, style = mark.ellipse, mark.style + 1
    if ellipse is None:
        return ""
    if not ellipse.rx:
        return (
            f'<path class="whisker e{style}{extra}" d="M{ellipse.cx:.1f} {ellipse.cy - ellipse.ry:.1f}'
            f'v{2 * ellipse.ry:.1f}m-4 0h8m0 -{2 * ellipse.ry:.1f}h-8"/>'
        )
    return (
        f'<ellipse class="ell e{style}{extra}" cx="{ellipse.cx:.1f}" cy="{ellipse.cy:.1f}" '
        f'rx="{ellipse.rx:.1f}" ry="{ellipse.ry:.1f}"/>'
    )


def _lines(mark: Mark) -> str:
    parts = []
    if mark.moved:
        parts.append(
            f'<path class="tether e{mark.style + 1}" '
            f'd="M{mark.score_x:.1f} {mark.score_y:.1f}L{mark.x:.1f} {mark.y:.1f}"/>'
        )
    if mark.label and mark.label.leader:
        parts.append(f'<path class="leader" d="M{dots(mark.label.leader, "L")}"/>')
    return "".join(parts)


def _trail(mark: Mark) -> str:
    """Where the score stood before, and the way from there."""
    x, y = mark.was or (mark.score_x, mark.score_y)
    return (
        f'<path class="trail" d="M{x:.1f} {y:.1f}L{mark.score_x:.1f} {mark.score_y:.1f}"/>'
        f'<circle class="ghost" cx="{x:.1f}" cy="{y:.1f}" r="{mark.radius * GHOST:g}"/>'
    )


def _mark(mark: Mark, layout: MatrixLayout) -> str:
    style = mark.style + 1
    parts = [
        f'<a class="pt-a" href="#{quote(mark.point.code, safe="")}" aria-label="{escape(_spoken(mark, layout))}">'
        f"<title>{escape(mark.point.name)}</title>",
        # Seen only while the issue is pointed at.
        _interval(mark, " lit"),
    ]
    if mark.ring:
        parts.append(f'<circle class="by-ring" cx="{mark.x:.1f}" cy="{mark.y:.1f}" r="{mark.ring:.1f}"/>')
    if mark.moved:
        parts.append(f'<circle class="p-dot f{style}" cx="{mark.score_x:.1f}" cy="{mark.score_y:.1f}" r="2.5"/>')
    parts.append(_shape(mark))
    if layout.has_numbers:
        drop = number_drop(mark)
        long = " p-long" if mark.point.rank > 99 else ""
        place = f'x="{mark.x:.1f}" y="{mark.y + drop:.1f}"'
        parts.append(f'<text class="p-no n{style}{long}" {place}>{mark.point.rank}</text>')
    if mark.label:
        parts.append(label_text(mark.label, mark.point.name))
    return "".join([*parts, "</a>"])


def number_drop(mark: Mark) -> float:
    """How far below the mark's centre its number has its baseline: a triangle has its weight lower."""
    return NUMBER_DROP + (mark.radius * 0.22 if mark.shape == "triangle" else 0.0)


def corners(shape: Shape, x: float, y: float, r: float) -> list[Dot]:
    """The corners of a mark that has some."""
    if shape == "diamond":
        return [(x, y - r * 1.25), (x + r * 1.25, y), (x, y + r * 1.25), (x - r * 1.25, y)]
    if shape == "triangle":
        half = r * 1.45
        top = y - r * 1.25
        return [(x, top), (x + half, top + half * sqrt(3)), (x - half, top + half * sqrt(3))]
    half = r * 0.92
    return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]


def _shape(mark: Mark) -> str:
    style = mark.style + 1
    paint = f"p-shape p{style}" if is_hollow(mark.shape) else f"p-shape f{style}"
    if mark.shape in ("circle", "ring", "dashes"):
        return f'<circle class="{paint}" cx="{mark.x:.1f}" cy="{mark.y:.1f}" r="{mark.radius:g}"/>'
    return f'<path class="{paint}" d="M{dots(corners(mark.shape, mark.x, mark.y, mark.radius), "L")}z"/>'


def label_text(label: Label, name: str) -> str:
    """The `name` beside a mark, parted by a halo from what it crosses."""
    lines = text_lines(label.x, label.baselines, [escape(line) for line in label.lines], gaps(name, label.lines))
    return (
        f'<text class="p-label halo" x="{label.x:.1f}" y="{label.baselines[0]:.1f}" text-anchor="{label.anchor}">'
        f"{lines}</text>"
    )


def text_lines(x: float, baselines: Sequence[float], lines: Sequence[str], between: Sequence[str]) -> str:
    """The lines of a text, as markup each, with what stands `between` them for who copies, searches or hears it.

    A space stands by itself, so that it moves no letter of a line that ends at `x`.
    """
    if len(lines) == 1:
        return lines[0]
    parts = []
    for line, y, space in zip(lines, baselines, [*between, ""], strict=True):
        parts.append(f'<tspan x="{x:.1f}" y="{y:.1f}">{line}</tspan>')
        if space:
            parts.append(f'<tspan x="{x:.1f}">{space}</tspan>')
    return "".join(parts)


def _spoken(mark: Mark, layout: MatrixLayout) -> str:
    """The issue for a reader who hears the page: the whole name, its scores, its tier."""
    point, words = mark.point, layout.figure.wording
    tier = words.no_tier if point.tier is None else layout.figure.tiers[point.tier].name
    if point.computed is not None:
        tier = words.tier_decided.format(tier=tier, computed=point.computed)
    if point.x is None or point.y is None:
        score = point.y if point.x is None else point.x
        return words.point_one_axis.format(
            rank=point.rank, name=point.name, score=number(score or 0.0, words, 2), tier=tier
        )
    return words.point.format(
        rank=point.rank,
        name=point.name,
        company=number(point.x, words, 2),
        stakeholders=number(point.y, words, 2),
        tier=tier,
    )


def dots(line: "tuple[Dot, ...] | list[Dot]", join: str = " ") -> str:
    """Points as an attribute of a polygon, or joined by "L" as a path."""
    return join.join(f"{x:.1f},{y:.1f}" for x, y in line)

"""Paints a power-interest grid as inline SVG for a page: every group a link to its page, styled by the stylesheet.

No style attribute and no script: a strict content security policy holds. Every name is escaped.
"""

from html import escape

from figures.grid import NARROW, GridLayout, GridMark, lay_out_grid
from figures.svg import NUMBER_DROP, corners, dots, label_text


def paint_grid_page(layout: GridLayout, prefix: str = "pi") -> str:
    """`layout` for wide screens, and the same figure with numbers for narrow ones. The stylesheet shows one."""
    wide = paint_grid(layout, prefix)
    narrow = paint_grid(lay_out_grid(layout.figure, NARROW, names=False), f"{prefix}n", kind="narrow")
    return f'<div class="matrix-pair">\n{wide}\n{narrow}\n</div>'


def paint_grid(layout: GridLayout, prefix: str = "pi", kind: str = "wide") -> str:
    """The SVG element of `layout`; `prefix` begins its ids, and `kind` ("wide" or "narrow") is part of its class."""
    return "\n".join(
        [
            _opening(layout, prefix, kind),
            *_ground(layout),
            *(
                f'<path class="leader" d="M{dots(mark.label.leader, "L")}"/>'
                for mark in layout.marks
                if mark.label and mark.label.leader
            ),
            *(_mark(mark, layout) for mark in layout.marks),
            "</svg>",
        ]
    )


def _opening(layout: GridLayout, prefix: str, kind: str) -> str:
    low, high = layout.figure.scale
    description = layout.figure.wording.grid_description.format(low=low, high=high)
    radius = layout.marks[0].radius
    size = "".join(name for name, below in ((" dense", 10), (" small", 8), (" tiny", 5)) if radius < below)
    return (
        f'<svg class="chart matrix power-grid matrix-{kind}{size}" viewBox="0 0 {layout.width:g} {layout.height:g}" '
        f'role="group" aria-labelledby="{prefix}-t {prefix}-d"><title id="{prefix}-t">{escape(layout.figure.title)}'
        f'</title><desc id="{prefix}-d">{escape(description)}</desc>'
    )


def _ground(layout: GridLayout) -> list[str]:
    plot, focus = layout.plot, layout.focus
    lines = [
        f'<rect class="q-focus" x="{focus.left:.1f}" y="{focus.top:.1f}" '
        f'width="{focus.width:.1f}" height="{focus.height:.1f}"/>'
    ]
    cells = "".join(f"M{dots(line, 'L')}" for line in layout.cells)
    lines.append(f'<path class="grid" d="{cells}"/>')
    lines += [f'<path class="q-line" d="M{dots(line, "L")}"/>' for line in layout.cuts]
    lines.append(
        f'<rect class="frame" x="{plot.left:g}" y="{plot.top:g}" width="{plot.width:g}" height="{plot.height:g}"/>'
    )
    lines += [
        f'<text class="tick" x="{tick.pixel:.1f}" y="{plot.bottom + 18:g}" text-anchor="middle">{tick.text}</text>'
        for tick in layout.x_ticks
    ]
    lines += [
        f'<text class="tick" x="{plot.left - 8:g}" y="{tick.pixel + 4:.1f}" text-anchor="end">{tick.text}</text>'
        for tick in layout.y_ticks
    ]
    lines += [
        f'<text class="q-name" x="{name.x:.1f}" y="{name.baseline:.1f}">{escape(name.text)}</text>'
        for name in layout.names
    ]
    lines.append(
        f'<text class="axis-name" x="{plot.right:g}" y="{layout.foot:g}" text-anchor="end">'
        f"{escape(layout.x_name)}</text>"
        f'<text class="axis-name" x="{plot.left:g}" y="{plot.top - 11:g}">{escape(layout.y_name)}</text>'
    )
    if layout.remark:
        lines.append(f'<text class="faint" x="{plot.left:g}" y="{layout.foot:g}">{escape(layout.remark)}</text>')
    return lines


def _mark(mark: GridMark, layout: GridLayout) -> str:
    point, side = mark.point, "in" if mark.point.internal else "out"
    if point.internal:
        outline = dots(corners(mark.shape, mark.x, mark.y, mark.radius), "L")
        shape = f'<path class="p-shape g-{side}" d="M{outline}z"/>'
    else:
        radius = mark.radius - mark.line / 2
        shape = f'<circle class="p-shape g-{side}" cx="{mark.x:.1f}" cy="{mark.y:.1f}" r="{radius:g}"/>'
    parts = [
        f'<a class="pt-a" href="{escape(point.link)}" aria-label="{escape(_spoken(mark, layout))}">'
        f"<title>{escape(point.name)}</title>",
        shape,
    ]
    if layout.has_numbers:
        place = f'x="{mark.x:.1f}" y="{mark.y + NUMBER_DROP:.1f}"'
        parts.append(f'<text class="p-no n-{side}" {place}>{point.number}</text>')
    if mark.label:
        parts.append(label_text(mark.label, mark.point.name))
    return "".join([*parts, "</a>"])


def _spoken(mark: GridMark, layout: GridLayout) -> str:
    """The group for a reader who hears the page: the whole name, its side, its scores, its strategy."""
    point, words = mark.point, layout.figure.wording
    return words.grid_point.format(
        number=point.number,
        name=point.name,
        side=words.internal if point.internal else words.external,
        power=point.power,
        interest=point.interest,
        strategy=layout.figure.strategy_of(point),
    )

"""Paints a slope chart as inline SVG for a page: every issue a link to its row in the table, styled by the stylesheet.

No style attribute and no script: a strict content security policy holds. Every name is escaped.
"""

from html import escape

from figures.lettering import gaps
from figures.palette import is_hollow
from figures.slopes import NARROW, SIZE, TAG_GAP, Slope, SlopeFigure, SlopeLabel, SlopeLayout, SlopeMark, lay_out_slopes
from figures.svg import corners, dots, text_lines

# What a space, which is about a third of an em wide, leaves of the gap between a name and the word beside it.
TAG_ROOM = TAG_GAP - SIZE * 0.33


def paint_slopes_page(figure: SlopeFigure, prefix: str = "sl") -> str:
    """Both drawings of a figure: with all names for wide screens, with those of the right for narrow ones. The
    stylesheet shows one."""
    wide = paint_slopes(lay_out_slopes(figure), prefix)
    narrow = paint_slopes(lay_out_slopes(figure, NARROW, narrow=True), f"{prefix}n", kind="narrow")
    return f'<div class="matrix-pair">\n{wide}\n{narrow}\n</div>'


def paint_slopes(layout: SlopeLayout, prefix: str = "sl", kind: str = "wide") -> str:
    """The SVG element of `layout`; `prefix` begins its ids, and `kind` ("wide" or "narrow") is part of its class."""
    words, (before, now) = layout.figure.wording, layout.figure.periods
    description = words.description.format(before=before, now=now)
    by_now: dict[int, list[Slope]] = {}
    for slope in layout.slopes:
        by_now.setdefault(slope.line.now, []).append(slope)
    return "\n".join(
        [
            f'<svg class="chart slopes matrix-{kind}" viewBox="0 0 {layout.width:g} {layout.height:g}" role="group" '
            f'aria-labelledby="{prefix}-t {prefix}-d"><title id="{prefix}-t">{escape(layout.figure.title)}</title>'
            f'<desc id="{prefix}-d">{escape(description)}</desc>',
            *(
                f'<text class="axis-name" x="{x:.1f}" y="{layout.head_baseline:g}" text-anchor="{anchor}">'
                f"{escape(text)}</text>"
                for text, x, anchor in layout.heads
            ),
            *(f'<path class="grid" d="M{dots(rule, "L")}"/>' for rule in layout.rules),
            *(f'<path class="s-line s-{slope.line.kind}" d="{_way(slope)}"/>' for slope in layout.slopes),
            # What is dropped leads to its row, as the issues of this year do; the others say so at their right end.
            *(_mark(mark, [], linked=mark.end.alone) for mark in layout.before),
            *(_mark(mark, by_now.get(number, []), linked=True) for number, mark in enumerate(layout.now)),
            "</svg>",
        ]
    )


def _way(slope: Slope) -> str:
    return f"M{dots((slope.start, slope.end), 'L')}"


def _mark(mark: SlopeMark, slopes: list[Slope], *, linked: bool) -> str:
    parts = [
        # Seen only while the issue is pointed at.
        *(f'<path class="s-line lit" d="{_way(slope)}"/>' for slope in slopes),
        _shape(mark),
    ]
    if mark.number_x is not None:
        parts.append(f'<text class="tick" x="{mark.number_x:.1f}" y="{mark.y + 4:.1f}" text-anchor="middle">')
        parts[-1] += f"{mark.end.rank}</text>"
    if mark.label:
        parts.append(_label(mark.label, mark.end.name))
    inside = f"<title>{escape(mark.end.name)}</title>{''.join(parts)}"
    if not linked or not mark.end.link:
        return f'<g class="pt-a" aria-hidden="true">{inside}</g>'
    return f'<a class="pt-a" href="{escape(mark.end.link)}" aria-label="{escape(mark.end.spoken)}">{inside}</a>'


def _shape(mark: SlopeMark) -> str:
    if mark.shape is None:
        return f'<circle class="s-dot" cx="{mark.x:.1f}" cy="{mark.y:.1f}" r="{mark.radius * 0.7:g}"/>'
    style = mark.style + 1
    paint = f"p-shape p{style}" if is_hollow(mark.shape) else f"p-shape f{style}"
    if mark.shape in ("circle", "ring"):
        return f'<circle class="{paint}" cx="{mark.x:.1f}" cy="{mark.y:.1f}" r="{mark.radius:g}"/>'
    return f'<path class="{paint}" d="M{dots(corners(mark.shape, mark.x, mark.y, mark.radius), "L")}z"/>'


def _label(label: SlopeLabel, name: str) -> str:
    lines = [escape(line) for line in label.lines]
    if label.tag:
        # Beside the name as wide as it is on the page, whatever the font: a space and a little more.
        tag = escape(label.tag)
        if label.anchor == "start":
            lines[-1] = f'{lines[-1]} <tspan class="s-tag" dx="{TAG_ROOM:g}">{tag}</tspan>'
        else:
            lines[0] = f'<tspan class="s-tag">{tag}</tspan> <tspan dx="{TAG_ROOM:g}">{lines[0]}</tspan>'
    bold = " s-bold" if label.bold else ""
    place = f'x="{label.x:.1f}" y="{label.baselines[0]:.1f}" text-anchor="{label.anchor}"'
    told = text_lines(label.x, label.baselines, lines, gaps(name, label.lines))
    return f'<text class="p-label{bold}" {place}>{told}</text>'

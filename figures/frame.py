"""What a file has around the chart, since it travels without its page: title, subject, legend, source."""

from dataclasses import dataclass

from figures.layout import MatrixLayout
from figures.lettering import fill, text_width
from figures.palette import SHAPES, Shape, style_of

PADDING = 24.0
TITLE, TITLE_LINE = 16.0, 22.0
SUBJECT, SUBJECT_LINE = 13.0, 20.0
LEGEND, LEGEND_LINE, LEGEND_GAP = 12.0, 20.0, 20.0
SOURCE, SOURCE_LINE = 11.5, 16.0
SYMBOL, WIDE_SYMBOL, SYMBOL_GAP = 12.0, 26.0, 6.0
BADGE, BADGE_PADDING = 11.5, 7.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text at `x`, on a baseline."""

    text: str
    x: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: what it shows, its symbol's left edge and middle, and its text."""

    kind: Shape | str
    style: int
    x: float
    middle: float
    text: Line


@dataclass(frozen=True, slots=True)
class Frame:
    """A page around a chart, in pixels; `left` and `top` are where the chart begins."""

    width: float
    height: float
    left: float
    top: float
    title: tuple[Line, ...]
    subject: tuple[Line, ...]
    keys: tuple[Key, ...]
    source: tuple[Line, ...]
    badge: Line | None
    badge_width: float


def make_frame(layout: MatrixLayout) -> Frame:
    """The page around `layout`; it grows with its texts."""
    figure, inner = layout.figure, layout.width
    left, right = PADDING, PADDING + inner
    badge_text = figure.wording.simulated if figure.simulated else ""
    badge_width = text_width(badge_text, BADGE) + 2 * BADGE_PADDING if badge_text else 0.0
    y = PADDING
    title = []
    for text in fill(figure.title, inner, TITLE, bold=True):
        title.append(Line(text, left, y + 16.0))
        y += TITLE_LINE
    subject = []
    badge_baseline = y + 14.0
    for text in fill(figure.subject, inner - badge_width - 16.0, SUBJECT):
        subject.append(Line(text, left, y + 14.0))
        y += SUBJECT_LINE
    if badge_text:
        y = max(y, badge_baseline + 6.0)
    y += 8.0
    keys, y = _legend(layout, left, right, y)
    top = y + 8.0
    y = top + layout.height + 16.0
    source = []
    for text in fill(layout.source, inner, SOURCE):
        source.append(Line(text, left, y + 11.0))
        y += SOURCE_LINE
    return Frame(
        width=inner + 2 * PADDING,
        height=y + PADDING - 4.0,
        left=left,
        top=top,
        title=tuple(title),
        subject=tuple(subject),
        keys=keys,
        source=tuple(source),
        badge=Line(badge_text, right - badge_width + BADGE_PADDING, badge_baseline) if badge_text else None,
        badge_width=badge_width,
    )


def _legend(layout: MatrixLayout, left: float, right: float, y: float) -> tuple[tuple[Key, ...], float]:
    figure, words = layout.figure, layout.figure.wording
    entries: list[tuple[str, int, str]] = [
        (SHAPES[style_of(number)], style_of(number), tier.name) for number, tier in enumerate(figure.tiers)
    ]
    if layout.has_intervals:
        percent = f"{figure.interval * 100:.0f}\N{NARROW NO-BREAK SPACE}%"
        entries.append(("interval", 0, words.interval_key.format(percent=percent)))
    if layout.has_moved_marks:
        entries.append(("moved", 0, words.moved_key))
    keys: list[Key] = []
    x = left
    for kind, style, name in entries:
        symbol = WIDE_SYMBOL if kind in ("interval", "moved") else SYMBOL
        lines = fill(name, right - left - symbol - SYMBOL_GAP, LEGEND)
        text = lines[0] + ("…" if len(lines) > 1 else "") if lines else ""
        width = symbol + SYMBOL_GAP + text_width(text, LEGEND)
        if x > left and x + width > right:
            x = left
            y += LEGEND_LINE
        keys.append(Key(kind, style, x, y + 9.0, Line(text, x + symbol + SYMBOL_GAP, y + 13.2)))
        x += width + LEGEND_GAP
    return tuple(keys), y + LEGEND_LINE

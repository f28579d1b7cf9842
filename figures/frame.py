"""What a file has around the chart, since it travels without its page: title, subject, legend, source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from figures.fonts import loses_pictures
from figures.lettering import fill, text_width

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
class Entry:
    """What the legend shall explain: the kind and style of a symbol, whether that is a wide one, and its name.

    `room` is what a symbol takes that has neither of the two usual widths.
    """

    kind: str
    style: int
    name: str
    wide: bool = False
    room: float = 0.0


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend where it stands: its symbol's left edge and middle, and its text."""

    kind: str
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


class Words(Protocol):
    """What is said where a font is missing, and what parts two sentences."""

    @property
    def pictures_left_out(self) -> str: ...

    @property
    def between_sentences(self) -> str: ...


def make_frame(
    *,
    width: float,
    height: float,
    title: str,
    subject: str,
    entries: Sequence[Entry],
    source: str,
    texts: Iterable[str],
    words: Words,
    badge: str = "",
) -> Frame:
    """The page around a chart of `width` x `height` that writes `texts`; it grows with its own texts.

    Where no font has the emoji of a text, the file says so after its source.
    """
    if loses_pictures([subject, source, *(entry.name for entry in entries), *texts]):
        source = words.between_sentences.join(filter(None, [source, words.pictures_left_out]))
    left, right = PADDING, PADDING + width
    badge_width = text_width(badge, BADGE) + 2 * BADGE_PADDING if badge else 0.0
    y = PADDING
    title_lines = []
    for text in fill(title, width, TITLE, bold=True):
        title_lines.append(Line(text, left, y + 16.0))
        y += TITLE_LINE
    subject_lines = []
    badge_baseline = y + 14.0
    for text in fill(subject, width - badge_width - 16.0, SUBJECT):
        subject_lines.append(Line(text, left, y + 14.0))
        y += SUBJECT_LINE
    if badge:
        y = max(y, badge_baseline + 6.0)
    y += 8.0
    keys, y = _legend(entries, left, right, y)
    top = y + 8.0
    y = top + height + 16.0
    source_lines = []
    for text in fill(source, width, SOURCE):
        source_lines.append(Line(text, left, y + 11.0))
        y += SOURCE_LINE
    return Frame(
        width=width + 2 * PADDING,
        height=y + PADDING - 4.0,
        left=left,
        top=top,
        title=tuple(title_lines),
        subject=tuple(subject_lines),
        keys=keys,
        source=tuple(source_lines),
        badge=Line(badge, right - badge_width + BADGE_PADDING, badge_baseline) if badge else None,
        badge_width=badge_width,
    )


def _legend(entries: Sequence[Entry], left: float, right: float, y: float) -> tuple[tuple[Key, ...], float]:
    keys: list[Key] = []
    x = left
    for entry in entries:
        symbol = entry.room or (WIDE_SYMBOL if entry.wide else SYMBOL)
        lines = fill(entry.name, right - left - symbol - SYMBOL_GAP, LEGEND)
        text = lines[0] + ("…" if len(lines) > 1 else "") if lines else ""
        width = symbol + SYMBOL_GAP + text_width(text, LEGEND)
        if x > left and x + width > right:
            x = left
            y += LEGEND_LINE
        keys.append(Key(entry.kind, entry.style, x, y + 9.0, Line(text, x + symbol + SYMBOL_GAP, y + 13.2)))
        x += width + LEGEND_GAP
    return tuple(keys), y + LEGEND_LINE if keys else y

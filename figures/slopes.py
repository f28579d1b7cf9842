"""A slope chart: the ranks of two years side by side, and a line for every issue that stands in both.

What it shows, and where everything stands, in pixels. The painters (`slopes_svg`, `slopes_plot`) draw what is decided
here.

Each side is a column with a slot per issue, so no label can meet another. It knows no colours and no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from figures.geometry import Box, Dot
from figures.lettering import shorten, text_width
from figures.palette import Shape, shape_of, style_of

WIDE = 960.0
# As wide as the screen of a small phone, less the page's margins.
NARROW = 342.0
TOP, BOTTOM = 34.0, 8.0
SIZE, HEAD = 12.0, 12.5
LINE, ASCENT = 14.0, 4.0
# So far from slot to slot a finger or a pointer finds one of them.
ROW, ROW_OF_TWO = 24.0, 36.0
RADIUS, GAP = 5.0, 12.0
NUMBER, TAG_GAP = 26.0, 8.0
LEAST_SLOPE, NARROW_SLOPE = 200.0, 84.0
# Beyond so many issues in a year they are marks without names.
MOST_NAMES = 60
DENSE_ROW, DENSE_RADIUS = 9.0, 3.0

LineKind = Literal["clear", "faint", "part"]


@dataclass(frozen=True, slots=True)
class SlopeWording:
    """Sentences and names as `str.format` templates; the fields in braces are filled by the figure."""

    title: str = "Ranks in {before} and {now}"
    description: str = (
        "Left: ranks in {before}. Right: ranks in {now}. A line for every issue that stands in both. "
        "The table with it has the same facts."
    )
    new: str = "new"
    dropped: str = "dropped"
    clear: str = "Move larger than its uncertainty"
    faint: str = "Other move"
    part: str = "Merged or split"
    names_left_out: str = "Names of {before} are in the table."
    all_names_left_out: str = "Names are in the table."
    pictures_left_out: str = "Without pictures (emoji) that no installed font can draw."
    left_out: str = "Not drawn for want of a rank: {names}."
    and_more: str = "{count} more"
    comma: str = ", "
    between_sentences: str = " "


@dataclass(frozen=True, slots=True)
class SlopeEnd:
    """An issue in one year.

    `tier` counts from 0, the highest, None where tiers are not compared. `alone`: it stands in that year only, as new
    or dropped. `spoken` is the whole fact about it, for a reader who hears the page, and `link` where it leads.
    """

    rank: int
    name: str
    tier: int | None
    alone: bool
    link: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class SlopeLine:
    """From an issue on the left to one on the right, by their numbers in the columns."""

    before: int
    now: int
    kind: LineKind


@dataclass(frozen=True, slots=True)
class SlopeFigure:
    """Everything that a slope chart says.

    Parameters
    ----------
    subject
        Whose issues they are.
    periods
        What the two years are called.
    before, now
        The issues of both years by rank, best first; ties stand one below the other.
    lines
        What became of what.
    tiers
        Names of the tiers, highest first; none where the years cannot be compared by them.
    source
        Sentences for the foot.
    decided
        Which issues stand in another tier than computed, by decision, in sentences; empty without any.
    left_out
        Names of issues without a rank, which the figure cannot show.
    """

    subject: str
    periods: tuple[str, str]
    before: tuple[SlopeEnd, ...]
    now: tuple[SlopeEnd, ...]
    lines: tuple[SlopeLine, ...]
    tiers: tuple[str, ...] = ()
    source: str = ""
    decided: str = ""
    simulated: str = ""
    left_out: tuple[str, ...] = ()
    wording: SlopeWording = SlopeWording()

    def __post_init__(self) -> None:
        if not self.before or not self.now:
            raise ValueError("A slope chart needs ranks of both years.")
        for line in self.lines:
            if not (0 <= line.before < len(self.before) and 0 <= line.now < len(self.now)):
                raise ValueError(f"A line leads from {line.before} to {line.now}, where no issue stands.")

    @property
    def title(self) -> str:
        return self.wording.title.format(before=self.periods[0], now=self.periods[1])


@dataclass(frozen=True, slots=True)
class SlopeLabel:
    """A name in one or two lines: it ends at `x` in the left column, and begins there in the right one.

    `tag` is the word for an issue of one year: after the last line on the right, before the first one on the left.
    """

    lines: tuple[str, ...]
    x: float
    baselines: tuple[float, ...]
    anchor: Literal["start", "end"]
    bold: bool
    tag: str
    tag_x: float
    box: Box


@dataclass(frozen=True, slots=True)
class SlopeMark:
    """An issue in its column; `number_x` is the middle of its rank, None without numbers."""

    end: SlopeEnd
    x: float
    y: float
    radius: float
    shape: Shape | None  # None: a plain dot, where tiers are not compared
    style: int
    number_x: float | None
    label: SlopeLabel | None


@dataclass(frozen=True, slots=True)
class Slope:
    """A line, and its numbers in both columns."""

    line: SlopeLine
    start: Dot
    end: Dot


@dataclass(frozen=True, slots=True)
class SlopeLayout:
    """A slope chart in pixels. `rules` part the tiers of a column; `heads` are the names of the years."""

    figure: SlopeFigure
    width: float
    height: float
    before: tuple[SlopeMark, ...]
    now: tuple[SlopeMark, ...]
    slopes: tuple[Slope, ...]  # what is to lie on top comes last
    rules: tuple[tuple[Dot, Dot], ...]
    heads: tuple[tuple[str, float, Literal["start", "end"]], ...]
    head_baseline: float
    remark: str

    @property
    def source(self) -> str:
        """What a reader must know beside the drawing."""
        words, left_out = self.figure.wording, self.figure.left_out
        sentences = [self.figure.source, self.figure.decided, self.remark]
        if left_out:
            names = list(left_out[:3])
            if len(left_out) > 3:
                names.append(words.and_more.format(count=len(left_out) - 3))
            sentences.append(words.left_out.format(names=words.comma.join(names)))
        return words.between_sentences.join(filter(None, sentences))

    @property
    def kinds(self) -> tuple[LineKind, ...]:
        """The kinds of lines that are there."""
        order: tuple[LineKind, ...] = ("clear", "faint", "part")
        found = {slope.line.kind for slope in self.slopes}
        return tuple(kind for kind in order if kind in found)


def lay_out_slopes(figure: SlopeFigure, width: float = WIDE, *, narrow: bool = False) -> SlopeLayout:
    """
    Lay out `figure` within `width` pixels.

    `narrow`: for the screen of a phone, where the left column has ranks only.
    """
    least = (NARROW_SLOPE if narrow else LEAST_SLOPE) + (140.0 if narrow else 300.0)
    if width < least:
        raise ValueError(f"A slope chart needs at least {least:g} pixels, not {width:g}.")
    named = max(len(figure.before), len(figure.now)) <= MOST_NAMES
    words = figure.wording
    moved = {line.before for line in figure.lines if line.kind == "clear"}
    moved_now = {line.now for line in figure.lines if line.kind == "clear"}
    edge = 2.0
    if not named:
        left, right = edge + DENSE_RADIUS * 2, width - edge - DENSE_RADIUS * 2
        step, radius = DENSE_ROW, DENSE_RADIUS
        left_room = right_room = 0.0
    else:
        margin = RADIUS + GAP / 2 + NUMBER
        widest = width - 2 * margin - (NARROW_SLOPE if narrow else LEAST_SLOPE)
        left_room = 0.0 if narrow else min(_widest(figure.before, words.dropped, moved), widest / 2)
        right_room = min(_widest(figure.now, words.new, moved_now), widest - left_room)
        left, right = edge + left_room + margin, width - edge - right_room - margin
        two = not narrow and _needs_two(figure.before, left_room, words.dropped, moved)
        two = two or _needs_two(figure.now, right_room, words.new, moved_now)
        step, radius = ROW_OF_TWO if two else ROW, RADIUS
    count = 2 if step == ROW_OF_TWO else 1
    names_before = None if narrow else left_room
    before = _column(figure.before, _Side(left, -1, moved, words.dropped, named, names_before, count), step, radius)
    now = _column(figure.now, _Side(right, 1, moved_now, words.new, named, right_room, count), step, radius)
    order = {"faint": 0, "part": 1, "clear": 2}
    slopes = tuple(
        Slope(
            line,
            (left + radius + 3, before[line.before].y),
            (right - radius - 3, now[line.now].y),
        )
        for line in sorted(figure.lines, key=lambda line: order[line.kind])
    )
    remark = ""
    if not named:
        remark = words.all_names_left_out
    elif narrow:
        remark = words.names_left_out.format(before=figure.periods[0])
    outer_left, outer_right = (edge, width - edge) if named else (left - 2 * radius, right + 2 * radius)
    return SlopeLayout(
        figure=figure,
        width=width,
        height=TOP + step * max(len(before), len(now)) + BOTTOM,
        before=before,
        now=now,
        slopes=slopes,
        rules=(
            *_rules(before, outer_left, left + radius),
            *_rules(now, right - radius, outer_right),
        ),
        heads=_heads(figure, left, right, radius, width),
        head_baseline=TOP - 16,
        remark=remark,
    )


def _tagged(end: SlopeEnd, tag: str) -> float:
    """The room that the word for an issue of one year takes."""
    return text_width(tag, SIZE) + TAG_GAP if end.alone else 0.0


def _widest(ends: Sequence[SlopeEnd], tag: str, bold: set[int]) -> float:
    return max(text_width(end.name, SIZE, number in bold) + _tagged(end, tag) for number, end in enumerate(ends)) + 2.0


def _needs_two(ends: Sequence[SlopeEnd], room: float, tag: str, bold: set[int]) -> bool:
    """Whether a name is too long for one line."""
    return _widest(ends, tag, bold) > room + 0.1


@dataclass(frozen=True, slots=True)
class _Side:
    """How a column is written: -1 is the left one, whose names end at the marks, and 1 the right one, whose names begin
    there. Without `room` it has numbers only. `bold` are the numbers of the issues whose move is clear."""

    x: float
    direction: Literal[-1, 1]
    bold: set[int]
    tag: str
    numbered: bool
    room: float | None
    lines: int


def _column(ends: Sequence[SlopeEnd], side: _Side, step: float, radius: float) -> tuple[SlopeMark, ...]:
    """The marks of one year, each in the middle of its slot."""
    marks = []
    for number, end in enumerate(ends):
        y = TOP + step * (number + 0.5)
        marks.append(
            SlopeMark(
                end=end,
                x=side.x,
                y=y,
                radius=radius,
                shape=None if end.tier is None else shape_of(style_of(end.tier)),
                style=style_of(end.tier),
                number_x=side.x + side.direction * (radius + NUMBER / 2 + 2) if side.numbered else None,
                label=_label(end, side, y, radius, number in side.bold) if side.numbered else None,
            )
        )
    return tuple(marks)


def _label(end: SlopeEnd, side: _Side, y: float, radius: float, bold: bool) -> SlopeLabel | None:
    if side.room is None:
        return None
    x = side.x + side.direction * (radius + GAP / 2 + NUMBER)
    tag, tag_width = (side.tag, _tagged(end, side.tag)) if end.alone else ("", 0.0)
    lines = shorten(end.name, side.room - tag_width, side.lines, SIZE, bold)
    widths = [text_width(line, SIZE, bold) for line in lines]
    # The word follows the last line on the right, and stands before the first one on the left.
    beside = widths[-1] if side.direction > 0 else widths[0]
    whole = max(*widths, beside + tag_width)
    first = y + ASCENT - LINE * (len(lines) - 1) / 2
    top, bottom = first - SIZE, first + LINE * (len(lines) - 1) + ASCENT
    left, right = (x, x + whole) if side.direction > 0 else (x - whole, x)
    return SlopeLabel(
        lines=tuple(lines),
        x=x,
        baselines=tuple(first + LINE * number for number in range(len(lines))),
        anchor="start" if side.direction > 0 else "end",
        bold=bold,
        tag=tag,
        tag_x=x + side.direction * (beside + TAG_GAP),
        box=Box(left, top, right, bottom),
    )


def _rules(marks: Sequence[SlopeMark], left: float, right: float) -> list[tuple[Dot, Dot]]:
    """A line wherever the next issue down stands in another tier."""
    found = []
    for upper, lower in pairwise(marks):
        if upper.end.tier != lower.end.tier:
            y = (upper.y + lower.y) / 2
            found.append(((left, y), (right, y)))
    return found


def _heads(
    figure: SlopeFigure, left: float, right: float, radius: float, width: float
) -> tuple[tuple[str, float, Literal["start", "end"]], ...]:
    """The names of the years above their columns: towards the outside where they fit, else from the edge inwards."""
    before, now = figure.periods
    room = (width - 24.0) / 2
    before, now = (shorten(text, room, 1, HEAD, True)[0] for text in (before, now))
    fits_left = left + radius - text_width(before, HEAD, True) >= 0
    fits_right = right - radius + text_width(now, HEAD, True) <= width
    return (
        (before, left + radius, "end") if fits_left else (before, 2.0, "start"),
        (now, right - radius, "start") if fits_right else (now, width - 2.0, "end"),
    )

"""Issues by priority as bars, under the headings of their tiers: what it shows, and where everything stands, in pixels.

The painter (`bars_plot`) draws what is decided here. Bars begin at the lowest rating, so that their lengths compare.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from figures.axes import tick_step
from figures.data import Span, Tier, by_decision, capital, number, priority_of, some, span_of, subject_of, who_answered
from figures.geometry import Box
from figures.lettering import text_width
from figures.palette import style_of
from figures.rows import (
    NAME,
    NamedRow,
    RankedIssue,
    Rows,
    lay_out_rows,
    left_out_of,
    name_room,
    notes_of,
    ranked_issues,
    tiers_of,
)
from figures.wording import ENGLISH, Wording

WIDE = 688.0
TOP, BOTTOM = 2.0, 44.0
THICK = 11.0
GAP, VALUE = 16.0, 40.0  # before the bars, and for the numbers after them


@dataclass(frozen=True, slots=True)
class Bar:
    """An issue, its priority, and the interval of that where it is known."""

    issue: RankedIssue
    value: float
    interval: Span | None


@dataclass(frozen=True, slots=True)
class BarsFigure:
    """Everything that the bars say.

    Parameters
    ----------
    subject
        Whose assessment it is.
    bars
        By tier and rank; those without a tier last.
    tiers
        Highest first.
    scale
        Lowest and highest rating that could be given.
    source
        Sentences for the foot. What is not drawn is said before them.
    left_out
        Names of issues without a score, which the figure cannot show.
    """

    subject: str
    bars: tuple[Bar, ...]
    tiers: tuple[Tier, ...]
    scale: Span
    source: str
    interval: float
    simulated: bool
    left_out: tuple[str, ...] = ()
    wording: Wording = ENGLISH

    def __post_init__(self) -> None:
        if not self.bars:
            raise ValueError("No issue has a score yet, so there are no bars to draw: collect answers and analyse.")
        if self.scale[0] >= self.scale[1]:
            raise ValueError(f"The scale must run from a lower to a higher rating, not from {self.scale}.")

    @property
    def title(self) -> str:
        words = self.wording
        issues = some(words.count_issues_one, words.count_issues, len(self.bars), words)
        return capital(words.bars_title.format(issues=issues))

    @classmethod
    def from_results(cls, results: Mapping[str, Any], wording: Wording = ENGLISH) -> "BarsFigure":
        """The bars of a result, as a run keeps it or as it was decided. Raises ValueError if no issue has a score."""
        method = results.get("method") or {}
        bars = tuple(
            Bar(issue["ranked"], float(issue["priority"]), span_of(issue.get("priority_interval")))
            for issue in ranked_issues(results, wording)
        )
        low, high = (float(end) for end in results["scale"])
        sentences = [
            wording.bars_scale.format(low=number(low, wording), high=number(high, wording)),
            wording.bars_priority.format(priority=priority_of(results, wording)),
            wording.intervals if any(bar.interval for bar in bars) else "",
            by_decision(results, wording, named=False),
            who_answered(results, wording),
        ]
        return cls(
            subject=subject_of(results),
            bars=bars,
            tiers=tiers_of(results),
            scale=(low, high),
            source=wording.between_sentences.join(filter(None, sentences)),
            interval=float(method.get("interval", 0.9)),
            simulated=bool(results.get("simulated")),
            left_out=left_out_of(results),
            wording=wording,
        )


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row with its bar, and the two ends of its interval."""

    row: NamedRow
    bar: Box
    interval: Span | None
    value: str

    @property
    def style(self) -> int:
        return style_of(self.row.issue.tier)


@dataclass(frozen=True, slots=True)
class BarTick:
    pixel: float
    text: str


@dataclass(frozen=True, slots=True)
class BarsLayout:
    """The bars in pixels. `plot` is what the bars may fill; `foot` is the baseline of the name of the axis."""

    figure: BarsFigure
    width: float
    height: float
    plot: Box
    rows: Rows
    bars: tuple[BarRow, ...]
    ticks: tuple[BarTick, ...]
    value_x: float
    axis_name: str
    foot: float

    @property
    def has_intervals(self) -> bool:
        return any(bar.interval for bar in self.bars)

    @property
    def source(self) -> str:
        """What a reader must know beside the drawing."""
        words = self.figure.wording
        notes = notes_of(self.rows, self.figure.left_out, words)
        return words.between_sentences.join(filter(None, [*notes, self.figure.source]))


def lay_out_bars(figure: BarsFigure, width: float = WIDE) -> BarsLayout:
    """Lay out `figure` within `width` pixels; its height follows from the number of issues."""
    if width < 480:
        raise ValueError(f"Bars need at least 480 pixels, not {width:g}.")
    words = figure.wording
    issues = [bar.issue for bar in figure.bars]
    room = min(name_room(issues, words), width * 0.45)
    rows = lay_out_rows(issues, figure.tiers, words, top=TOP, width=width, room=room)
    left, right = NAME + room + GAP, width - VALUE
    low, high = figure.scale

    def place(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * (right - left)

    drawn = []
    for bar, row in zip(figure.bars, rows.rows, strict=False):
        end = max(place(bar.value), left + 1.0)
        box = Box(left, row.middle - THICK / 2, end, row.middle + THICK / 2)
        interval = (place(bar.interval[0]), place(bar.interval[1])) if bar.interval else None
        drawn.append(BarRow(row, box, interval, number(bar.value, words, 2)))
    return BarsLayout(
        figure=figure,
        width=width,
        height=rows.bottom + BOTTOM,
        plot=Box(left, rows.top, right, rows.bottom),
        rows=rows,
        bars=tuple(drawn),
        ticks=_ticks(figure, place, right - left),
        value_x=width - 2.0,
        axis_name=f"{words.bars_axis} →",
        foot=rows.bottom + BOTTOM - 6.0,
    )


def _ticks(figure: BarsFigure, place: Any, side: float) -> tuple[BarTick, ...]:
    low, high = figure.scale
    step = tick_step(high - low, side)
    # The scale is told in ratings, which are whole numbers.
    step = max(round(step), 1) if high - low >= 2 else step
    first = ceil(low / step - 1e-9)
    scores = {low, high}
    while first * step <= high + 1e-9:
        scores.add(round(first * step, 10))
        first += 1
    ticks: list[BarTick] = []
    for score in sorted(scores):
        tick = BarTick(place(score), number(score, figure.wording))
        near = ticks and tick.pixel - ticks[-1].pixel < text_width(tick.text, 12.0) + 8.0
        # The ends of the scale are always told.
        if near and score == high:
            ticks.pop()
        if not near or score == high:
            ticks.append(tick)
    return tuple(ticks)

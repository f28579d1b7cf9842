"""How many of each stakeholder group answered, of those who were asked: what it shows, and where everything stands, in
pixels. The painter (`rates_plot`) draws what is decided here.

Where it is not known for any group how many were asked, bars are numbers of answers. What is fewer than k people is
said in words and drawn without a length, so that nothing can be measured.
"""

from dataclasses import dataclass, replace
from enum import Enum
from math import ceil
from typing import Literal

from figures.axes import tick_step
from figures.bars import BarTick
from figures.data import capital, grouped, percent, some
from figures.geometry import Box
from figures.lettering import shorten, text_width
from figures.wording import ENGLISH, Wording

WIDE = 688.0
TOP, BOTTOM = 6.0, 44.0
SIZE, SMALL = 12.0, 11.0
LINE, ASCENT, PADDING = 14.0, 11.0, 6.0
THICK = 12.0
GAP = 14.0
MARK = 16.0  # what the mark of a side takes before a name
WIDEST_NAME, NARROWEST_NAME = 240.0, 90.0
# More rows than this do not fit a page of paper.
MOST_GROUPS = 40


class Asked(Enum):
    """Who the people are of whom a share answered."""

    INVITED = "invited"
    PEOPLE = "people"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class GroupRate:
    """A group with its answers.

    Attributes
    ----------
    answered : people who answered; None where these are fewer than may be told.
    asked : of how many; None where that is not known.
    simulated : whether its answers are simulated: all, some or none of them.
    """

    name: str
    internal: bool
    answered: int | None
    asked: int | None = None
    basis: Asked = Asked.UNKNOWN
    simulated: Literal["all", "some", "none"] = "none"

    @property
    def share(self) -> float | None:
        """0 to 1; None where it is not known or not told."""
        if self.answered is None or not self.asked:
            return None
        return min(self.answered / self.asked, 1.0)


@dataclass(frozen=True, slots=True)
class RatesFigure:
    """Everything that the response rates say.

    Parameters
    ----------
    subject
        Whose assessment it is.
    groups
        In their order.
    smallest
        From how many people on a number is told.
    """

    subject: str
    groups: tuple[GroupRate, ...]
    smallest: int
    wording: Wording = ENGLISH

    def __post_init__(self) -> None:
        if not self.groups:
            raise ValueError("There is no stakeholder group yet, so there are no rates to draw: enter the groups.")
        for group in self.groups:
            if group.answered is not None and 0 < group.answered < self.smallest:
                raise ValueError(f"Fewer than {self.smallest} people of {group.name!r} answered: how many is not told.")

    @property
    def has_rates(self) -> bool:
        """Whether it is known for any group how many were asked."""
        return any(group.asked for group in self.groups)

    @property
    def simulated(self) -> bool:
        return any(group.simulated != "none" for group in self.groups)

    @property
    def title(self) -> str:
        words = self.wording
        groups = some(words.count_groups_one, words.count_groups, len(self.groups), words)
        return capital((words.rates_title if self.has_rates else words.rates_title_counts).format(groups=groups))


@dataclass(frozen=True, slots=True)
class RateRow:
    """A group in its row: the name, the whole bar of those asked (`track`), the part that answered (`bar`), and texts.

    `hidden` is a bar that says that there are answers and not how many; it has the same length in every row.
    """

    group: GroupRate
    lines: tuple[str, ...]
    name_x: float
    baselines: tuple[float, ...]
    name_box: Box
    middle: float
    track: Box | None
    bar: Box | None
    hidden: Box | None
    share: str
    texts: tuple[str, ...]
    text_baselines: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RatesLayout:
    """Response rates in pixels; `text_x` is where the numbers begin."""

    figure: RatesFigure
    width: float
    height: float
    plot: Box
    rows: tuple[RateRow, ...]
    ticks: tuple[BarTick, ...]
    share_x: float
    text_x: float
    axis_name: str
    foot: float

    @property
    def source(self) -> str:
        """What a reader must know beside the drawing."""
        figure, words = self.figure, self.figure.wording
        drawn = [row.group for row in self.rows]
        notes = []
        if len(drawn) < len(figure.groups):
            notes.append(words.cut_groups.format(shown=len(drawn), count=len(figure.groups)))
        if any(group.basis == Asked.INVITED for group in drawn):
            notes.append(words.rates_invited_note)
        if any(group.basis == Asked.PEOPLE for group in drawn):
            notes.append(words.rates_people_note)
        return words.between_sentences.join(notes)


def lay_out_rates(figure: RatesFigure, width: float = WIDE) -> RatesLayout:
    """Lay out `figure` within `width` pixels; its height follows from the number of groups."""
    if width < 480:
        raise ValueError(f"Response rates need at least 480 pixels, not {width:g}.")
    words = figure.wording
    groups = figure.groups[:MOST_GROUPS]
    texts = [_texts(group, figure) for group in groups]
    widest = max(text_width(group.name, SIZE) for group in groups)
    room = min(max(widest, NARROWEST_NAME) + 2.0, WIDEST_NAME)
    beside = max(text_width(text, SMALL if place else SIZE) for lines in texts for place, text in enumerate(lines))
    shares = [percent(group.share, words) for group in groups if group.share is not None]
    share_room = max((text_width(share, SIZE, bold=True) for share in shares), default=0.0) + (8.0 if shares else 0.0)
    left = MARK + room + GAP
    right = width - beside - share_room - GAP
    plot_left, plot_right = left, max(right, left + 120.0)
    most = 1.0 if figure.has_rates else float(max((group.answered or 0 for group in groups), default=0) or 1)
    ticks = _ticks(figure, most, plot_left, plot_right)
    end = max(most, ticks[-1][0])

    def place(value: float) -> float:
        return plot_left + value / end * (plot_right - plot_left)

    rows = []
    y = TOP
    for group, told in zip(groups, texts, strict=True):
        row, y = _row(group, told, figure, y, room, (plot_left, plot_right), place(1.0) if figure.has_rates else None)
        value = group.share if figure.has_rates else float(group.answered or 0)
        bar = Box(plot_left, row.middle - THICK / 2, place(value), row.middle + THICK / 2) if value else None
        rows.append(replace(row, bar=bar))
    return RatesLayout(
        figure=figure,
        width=width,
        height=y + BOTTOM,
        plot=Box(plot_left, TOP, plot_right, y),
        rows=tuple(rows),
        ticks=tuple(BarTick(place(value), text) for value, text in ticks),
        share_x=plot_right + share_room,
        text_x=plot_right + share_room + GAP,
        axis_name=f"{words.rates_axis if figure.has_rates else words.rates_axis_counts} →",
        foot=y + BOTTOM - 6.0,
    )


def _texts(group: GroupRate, figure: RatesFigure) -> tuple[str, ...]:
    """What is said of a group beside its bar: the numbers, and a second line where more must be known."""
    words = figure.wording
    answered = words.rates_fewer.format(k=figure.smallest)
    if group.answered is not None:
        answered = grouped(group.answered, words)
    second = {"all": words.rates_simulated, "some": words.rates_partly, "none": ""}[group.simulated]
    if group.asked and group.answered is not None and group.answered > group.asked:
        second = words.semicolon.join(filter(None, [words.rates_more, second]))
    if group.asked:
        template = words.rates_invited if group.basis == Asked.INVITED else words.rates_people
        first = template.format(answered=answered, asked=grouped(group.asked, words))
    elif group.answered == 0:
        first = words.rates_nobody
    else:
        first = words.rates_only_one if group.answered == 1 else words.rates_only.format(answered=answered)
        if figure.has_rates:
            second = words.semicolon.join(filter(None, [words.rates_unknown, second]))
    return tuple(filter(None, [first, second]))


def _row(
    group: GroupRate,
    texts: tuple[str, ...],
    figure: RatesFigure,
    top: float,
    room: float,
    plot: tuple[float, float],
    whole: float | None,
) -> tuple[RateRow, float]:
    lines = shorten(group.name, room, 2, SIZE)
    count = max(len(lines), len(texts))
    bottom = top + 2 * PADDING + LINE * count
    middle = (top + bottom) / 2

    def baselines(number: int) -> tuple[float, ...]:
        first = middle - LINE * number / 2 + ASCENT
        return tuple(first + LINE * place for place in range(number))

    widest = max(text_width(line, SIZE) for line in lines)
    name_top = middle - LINE * len(lines) / 2
    over, under = middle - THICK / 2, middle + THICK / 2
    hidden = None
    if group.answered is None:
        # As long as all that were asked, or as the plot: a length that says nothing.
        hidden = Box(plot[0], over, plot[1], under)
    row = RateRow(
        group=group,
        lines=tuple(lines),
        name_x=MARK,
        baselines=baselines(len(lines)),
        name_box=Box(MARK, name_top, MARK + widest, name_top + LINE * len(lines)),
        middle=middle,
        track=Box(plot[0], over, whole, under) if whole is not None and group.asked and not hidden else None,
        bar=None,
        hidden=hidden,
        share="" if group.share is None else percent(group.share, figure.wording),
        texts=texts,
        text_baselines=baselines(len(texts)),
    )
    return row, bottom


def _ticks(figure: RatesFigure, most: float, left: float, right: float) -> list[tuple[float, str]]:
    words = figure.wording
    if figure.has_rates:
        return [(value / 4, percent(value / 4, words)) for value in range(5)]
    step = max(ceil(tick_step(most, right - left)), 1)
    return [(float(value), grouped(value, words)) for value in range(0, ceil(most / step) * step + 1, step)]

"""What each stakeholder group makes of each issue, as a table of coloured means: what it shows, and where everything
stands, in pixels. The painter (`heat_plot`) draws what is decided here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from figures.data import Span, Tier, by_decision, capital, clean, grouped, number, some, subject_of, who_answered
from figures.geometry import Box
from figures.heard import is_few, was_heard
from figures.lettering import fill, shorten, text_width
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

HEAT_STEPS = 9
# The heat ramp spends its steps where ratings are: it begins a third up the scale and ends just below its top.
HEAT_FROM, HEAT_TO = 0.325, 0.925
# Narrow first; a wider one where names of groups need it.
WIDTHS = (688.0, 800.0)
NARROWEST = 480.0
SIDE_LINE, HEAD, HEAD_LINE, HEAD_LINES = 22.0, 11.0, 13.0, 4
# Names that stand upright have so much room, in two lines.
UPRIGHT, UPRIGHT_LINES = 150.0, 2
GAP, BETWEEN = 12.0, 2.0
NARROWEST_CELL, WIDEST_CELL = 34.0, 96.0
# More columns than this do not fit a page of paper.
MOST_GROUPS = 24
KEY_TOP, KEY_LINE, KEY_NUMBER = 14.0, 17.0, 18.0  # the list of groups below the table, where it is needed
BOTTOM = 2.0


@dataclass(frozen=True, slots=True)
class HeatGroup:
    """A stakeholder group: its name, the axis it counts for, and its number of answers in words."""

    name: str
    internal: bool
    answers: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """The mean of a group for an issue; None where nobody answered, or where it is not told (`hidden`)."""

    mean: float | None
    step: int | None
    hidden: bool = False
    is_peak: bool = False


@dataclass(frozen=True, slots=True)
class HeatRow:
    """An issue with a cell for each group."""

    issue: RankedIssue
    cells: tuple[HeatCell, ...]
    contested: bool


@dataclass(frozen=True, slots=True)
class HeatFigure:
    """Everything that a heat table says.

    Parameters
    ----------
    subject
        Whose assessment it is.
    rows
        By tier and rank; those without a tier last.
    groups
        In the order of the columns, those of the company first.
    scale
        Lowest and highest rating that could be given.
    smallest
        From how many people on something of a group is told.
    by_score
        Whether nobody rated, since choices or ranks became scores.
    """

    subject: str
    rows: tuple[HeatRow, ...]
    groups: tuple[HeatGroup, ...]
    tiers: tuple[Tier, ...]
    scale: Span
    smallest: int
    source: str
    simulated: bool
    by_score: bool = False
    left_out: tuple[str, ...] = ()
    wording: Wording = ENGLISH

    def __post_init__(self) -> None:
        if not self.rows or not self.groups:
            raise ValueError("No group has rated an issue yet, so there is no table: collect answers and analyse.")
        if any(len(row.cells) != len(self.groups) for row in self.rows):
            raise ValueError(f"Every row of a heat table needs {len(self.groups)} cells, one for each group.")

    @property
    def title(self) -> str:
        words = self.wording
        issues = some(words.count_issues_one, words.count_issues, len(self.rows), words)
        groups = some(words.count_groups_one, words.count_groups, len(self.groups), words)
        template = words.heat_title_scores if self.by_score else words.heat_title
        return capital(template.format(issues=issues, groups=groups))

    @classmethod
    def from_results(cls, results: Mapping[str, Any], wording: Wording = ENGLISH) -> "HeatFigure":
        """The heat table of a result, as a run keeps it or as it was decided.

        Raises
        ------
        ValueError
            If no issue has a rank, or no group answered.
        """
        low, high = (float(end) for end in results["scale"])
        heard = [group for group in results["stakeholder_groups"] if was_heard(group)]
        heard.sort(key=lambda group: group["side"] != "internal")
        smallest = int(results.get("minimum_group") or 1)
        by_score = results.get("question", "rating") != "rating"
        template = wording.heat_scale_scores if by_score else wording.heat_scale
        sentences = [
            template.format(low=number(low, wording), high=number(high, wording)),
            wording.heat_answers,
            by_decision(results, wording, named=False),
            who_answered(results, wording),
        ]
        return cls(
            subject=subject_of(results),
            rows=tuple(_row(issue, heard, (low, high)) for issue in ranked_issues(results, wording)),
            groups=tuple(
                HeatGroup(
                    clean(group["name"]) or str(group["code"]),
                    group["side"] == "internal",
                    wording.heat_fewer.format(k=smallest) if is_few(group, smallest) else grouped(group["n"], wording),
                )
                for group in heard
            ),
            tiers=tiers_of(results),
            scale=(low, high),
            smallest=smallest,
            source=wording.between_sentences.join(filter(None, sentences)),
            simulated=bool(results.get("simulated")),
            by_score=by_score,
            left_out=left_out_of(results),
            wording=wording,
        )

    @property
    def has_hidden(self) -> bool:
        return any(cell.hidden for row in self.rows for cell in row.cells)

    @property
    def has_contested(self) -> bool:
        return any(row.contested for row in self.rows)

    @property
    def has_empty(self) -> bool:
        return any(cell.mean is None and not cell.hidden for row in self.rows for cell in row.cells)


def _row(issue: Mapping[str, Any], groups: Sequence[Mapping[str, Any]], scale: Span) -> HeatRow:
    found = [issue["groups"][group["name"]] for group in groups]
    known = [cell["mean"] for cell in found if cell["mean"] is not None]
    contested = bool(issue.get("contested"))
    peaks = {min(known), max(known)} if contested and known else set()
    cells = tuple(
        HeatCell(
            mean=cell["mean"],
            step=None if cell["mean"] is None else heat_step(cell["mean"], scale),
            hidden=bool(cell.get("hidden")),
            is_peak=cell["mean"] in peaks,
        )
        for cell in found
    )
    return HeatRow(issue["ranked"], cells, contested)


def heat_step(mean: float, scale: Span) -> int:
    """Which of the nine steps of the heat ramp `mean` falls on, 0 (palest) to 8."""
    low, high = heat_range(scale)
    if mean < low:
        return 0
    return min(1 + int((mean - low) / (high - low) * (HEAT_STEPS - 2)), HEAT_STEPS - 1)


def heat_range(scale: Span) -> Span:
    """The mean below which the palest step ends, and the one where the darkest begins."""
    low, high = scale
    return low + HEAT_FROM * (high - low), low + HEAT_TO * (high - low)


@dataclass(frozen=True, slots=True)
class HeatBox:
    """A cell where it stands, and what is written in it; nothing in a hidden one."""

    cell: HeatCell
    box: Box
    text: str


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A line of a head: in the middle of `x`, or, when it is upright, from its start upwards."""

    text: str
    x: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Head:
    """The name of a group, or its number, above its column, and its answers below that in the middle of `x`."""

    lines: tuple[HeadLine, ...]
    upright: bool
    answers: str
    x: float
    baseline: float
    box: Box


@dataclass(frozen=True, slots=True)
class SideHead:
    """The axis above the columns of its groups."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class GroupKey:
    """A line of the list below the table: a number that ends at `number_x`, and the name that it stands for."""

    number: str
    number_x: float
    name: str
    x: float
    baseline: float


@dataclass(frozen=True, slots=True)
class HeatLayout:
    """A heat table in pixels. `contested` are rows with the word for that at `contested_x`; `key` is empty where names
    stand above the columns."""

    figure: HeatFigure
    width: float
    height: float
    rows: Rows
    sides: tuple[SideHead, ...]
    side_baseline: float
    heads: tuple[Head, ...]
    boxes: tuple[HeatBox, ...]
    contested: tuple[NamedRow, ...]
    contested_x: float
    key: tuple[GroupKey, ...]

    @property
    def source(self) -> str:
        """What a reader must know beside the drawing."""
        figure, words = self.figure, self.figure.wording
        shown = len(self.heads)
        notes = notes_of(self.rows, figure.left_out, words)
        if shown < len(figure.groups):
            notes.append(words.cut_groups.format(shown=shown, count=len(figure.groups)))
        if figure.has_contested:
            notes.append(words.heat_contested_key)
        return words.between_sentences.join(filter(None, [*notes, figure.source]))


def lay_out_heat(figure: HeatFigure) -> HeatLayout:
    """Lay out `figure`: as narrow as the names of its groups allow. Names that are too long for their columns stand
    upright; where that is not enough either, numbers stand for them."""
    words = figure.wording
    issues = [row.issue for row in figure.rows]
    groups = figure.groups[:MOST_GROUPS]
    room = name_room(issues, words)
    after = text_width(words.heat_contested, HEAD) + GAP if figure.has_contested else 0.0
    least = NAME + room + GAP + after
    for width in WIDTHS:
        cell = min((width - least) / len(groups), WIDEST_CELL)
        if all(_fits(group, cell) for group in groups):
            heads, upright, numbered = [fill(group.name, cell - 6.0, HEAD) for group in groups], False, False
            break
    else:
        cell = max(min((WIDTHS[0] - least) / len(groups), 56.0), NARROWEST_CELL)
        heads = [fill(group.name, UPRIGHT, HEAD) for group in groups]
        upright = all(len(lines) <= UPRIGHT_LINES for lines in heads)
        numbered = not upright
        if numbered:
            heads = [[str(place)] for place in range(1, len(groups) + 1)]
    width = max(least + cell * len(groups), NARROWEST)
    left = NAME + room + GAP
    edges = [left + cell * place for place in range(len(groups) + 1)]
    sides = _sides(figure, groups, edges)
    head_top = SIDE_LINE if sides else 0.0
    named = max(text_width(line, HEAD) for lines in heads for line in lines) + 4.0 if upright else 0.0
    head_height = HEAD_LINE + (named or HEAD_LINE * max(len(lines) for lines in heads)) + 6.0
    rows = lay_out_rows(issues, figure.tiers, words, top=head_top + head_height + 4.0, width=width, room=room)
    boxes = []
    for row, laid in zip(figure.rows, rows.rows, strict=False):
        for place, one in enumerate(row.cells[: len(groups)]):
            box = Box(edges[place] + BETWEEN / 2, laid.top + 1.0, edges[place + 1] - BETWEEN / 2, laid.bottom - 1.0)
            text = "" if one.hidden else "–" if one.mean is None else number(one.mean, words, 1)
            boxes.append(HeatBox(one, box, text))
    bottom = head_top + head_height
    key = _key(groups, width, rows.bottom) if numbered else ()
    return HeatLayout(
        figure=figure,
        width=width,
        height=(key[-1].baseline + 6.0 if key else rows.bottom) + BOTTOM,
        rows=rows,
        sides=sides,
        side_baseline=12.0,
        heads=tuple(
            _head(lines, group, (edges[place], edges[place + 1]), bottom, upright=upright)
            for place, (lines, group) in enumerate(zip(heads, groups, strict=True))
        ),
        boxes=tuple(boxes),
        contested=tuple(laid for row, laid in zip(figure.rows, rows.rows, strict=False) if row.contested),
        contested_x=edges[-1] + GAP / 2,
        key=key,
    )


def _key(groups: Sequence[HeatGroup], width: float, top: float) -> tuple[GroupKey, ...]:
    """The groups in two columns, from the top down."""
    room = width / 2
    half = (len(groups) + 1) // 2
    found = []
    for place, group in enumerate(groups):
        column, line = divmod(place, half)
        x = column * room + KEY_NUMBER + 6.0
        baseline = top + KEY_TOP + KEY_LINE * line + HEAD
        name = shorten(group.name, room - KEY_NUMBER - 18.0, 1, HEAD)[0]
        found.append(GroupKey(str(place + 1), x - 6.0, name, x, baseline))
    # The last line of the longer column ends the list.
    return tuple(sorted(found, key=lambda one: one.baseline))


def _fits(group: HeatGroup, cell: float) -> bool:
    """Whether a group's name and its answers stand above a column of that width without a word being cut."""
    if cell < NARROWEST_CELL or text_width(group.answers, HEAD) > cell - 4.0:
        return False
    lines = fill(group.name, cell - 6.0, HEAD)
    # Where a word is wider than the column, its lines joined have a break where the name has none.
    whole = "".join(lines).replace(" ", "") == group.name.replace(" ", "")
    broken = max((text_width(word, HEAD) for word in group.name.split() if word.isascii()), default=0.0) > cell - 6.0
    return whole and not broken and len(lines) <= HEAD_LINES


def _head(lines: Sequence[str], group: HeatGroup, edges: Span, bottom: float, *, upright: bool) -> Head:
    last, x = bottom - 5.0, (edges[0] + edges[1]) / 2
    answers = shorten(group.answers, edges[1] - edges[0] - 2.0, 1, HEAD)[0]
    widths = [text_width(line, HEAD) for line in lines]
    count, below = len(lines), text_width(answers, HEAD)
    if upright:
        start = last - HEAD_LINE - 2.0
        half = max(HEAD_LINE * count, below) / 2
        # The letters of an upright line stand to the left of its x.
        placed = tuple(
            HeadLine(line, x + HEAD_LINE * (place - (count - 1) / 2) + 4.0, start) for place, line in enumerate(lines)
        )
        box = Box(x - half, start - max(widths), x + half, last + 3.0)
    else:
        first = last - HEAD_LINE * count
        half = max(*widths, below) / 2
        placed = tuple(HeadLine(line, x, first + HEAD_LINE * place) for place, line in enumerate(lines))
        box = Box(x - half, first - HEAD, x + half, last + 3.0)
    return Head(placed, upright, answers, x, last, box)


def _sides(figure: HeatFigure, groups: Sequence[HeatGroup], edges: Sequence[float]) -> tuple[SideHead, ...]:
    """The axes above their columns; none where a name has no room."""
    words = figure.wording
    internal = sum(group.internal for group in groups)
    parts = [(words.heat_company, 0, internal), (words.heat_stakeholders, internal, len(groups))]
    heads = [
        SideHead(text, edges[first] + BETWEEN / 2, edges[last] - BETWEEN / 2)
        for text, first, last in parts
        if last > first
    ]
    fit = all(text_width(head.text, 12.0, bold=True) <= head.right - head.left for head in heads)
    return tuple(heads) if fit else ()

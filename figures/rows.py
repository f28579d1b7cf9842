"""Issues in rows, under the headings of their tiers: what the bars and the heat table have in common, in pixels.

It knows no colours and no database.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from figures.data import Tier, clean, grouped, listed
from figures.geometry import Box
from figures.lettering import sealed, shorten, text_width
from figures.palette import Shape, shape_of, style_of
from figures.wording import Wording

# Taller rows do not fit a page of paper in letters that can be read, in pixels: about 60 names of one line, 40 of two.
# The first by tier and rank are drawn, and the figure says so.
TALLEST = 1460.0
SIZE, TAG_SIZE = 12.0, 11.0
LINE, ASCENT, DESCENT = 14.0, 11.0, 3.0
ROW_PADDING = 4.0  # above and below the lines of a row
HEADING, HEADING_GAP = 26.0, 10.0  # the height of a heading, and what parts it from the rows above
NUMBER, NAME = 22.0, 30.0  # where ranks end and names begin
WIDEST_NAME, NARROWEST_NAME = 280.0, 90.0
MARK = 5.0
BESIDE_MARK = 2 * MARK + 8.0  # where the text of a heading begins


@dataclass(frozen=True, slots=True)
class RankedIssue:
    """One issue. `tier` counts from 0, the highest, None without one; `computed` is the tier that was computed, where
    another was given by decision, and empty else."""

    rank: int
    code: str
    name: str
    tier: int | None
    computed: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a tier above its rows: a line across the figure, a mark, a text."""

    text: str
    tier: int | None
    top: float
    middle: float
    baseline: float

    @property
    def style(self) -> int:
        return style_of(self.tier)

    @property
    def shape(self) -> Shape:
        return shape_of(self.style)

    @property
    def x(self) -> float:
        return BESIDE_MARK


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A row: its rank, its name in lines, and the tier that was computed in another line where that is another."""

    issue: RankedIssue
    lines: tuple[str, ...]
    baselines: tuple[float, ...]
    tag: str
    tag_baseline: float
    box: Box  # what the name and the tag fill
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Rows:
    """All headings and rows from `top` to `bottom`; `left_over` issues are not drawn."""

    headings: tuple[Heading, ...]
    rows: tuple[NamedRow, ...]
    top: float
    bottom: float
    left_over: int


def tiers_of(results: Mapping[str, Any]) -> tuple[Tier, ...]:
    """The tiers of a result, highest first."""
    return tuple(Tier(clean(tier["name"]), int(tier["count"])) for tier in results["tiers"])


def ranked_issues(results: Mapping[str, Any], words: Wording) -> tuple[dict[str, Any], ...]:
    """The issues of a result that have a rank, by tier and rank, as `RankedIssue` under "ranked" beside their facts."""
    numbers = {tier["name"]: number for number, tier in enumerate(results["tiers"])}
    found = []
    for issue in results["issues"]:
        if issue.get("rank") is None:
            continue
        decision = issue.get("decision") or {}
        computed = decision.get("computed_tier")
        ranked = RankedIssue(
            rank=int(issue["rank"]),
            code=str(issue["code"]),
            name=clean(issue["name"]) or str(issue["code"]),
            tier=numbers.get(issue.get("tier") or ""),
            computed=(clean(computed or "") or words.no_tier) if decision and computed != issue["tier"] else "",
        )
        found.append({**issue, "ranked": ranked})
    last = len(numbers)
    return tuple(
        sorted(found, key=lambda one: (_tier_order(one["ranked"], last), one["ranked"].rank, one["ranked"].code))
    )


def _tier_order(issue: RankedIssue, last: int) -> int:
    return last if issue.tier is None else issue.tier


def left_out_of(results: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the issues without a rank."""
    return tuple(clean(issue["name"]) or str(issue["code"]) for issue in results["issues"] if issue.get("rank") is None)


def name_room(issues: Sequence[RankedIssue], words: Wording) -> float:
    """How much room names take, at most `WIDEST_NAME`."""
    texts = [text_width(issue.name, SIZE) for issue in issues]
    texts += [text_width(_tag(issue, words), TAG_SIZE) for issue in issues if issue.computed]
    return min(max(*texts, NARROWEST_NAME) + 2.0, WIDEST_NAME)


def lay_out_rows(
    issues: Sequence[RankedIssue], tiers: Sequence[Tier], words: Wording, *, top: float, width: float, room: float
) -> Rows:
    """Rows from `top` downwards, in a figure of `width` with names of at most `room`."""
    rows: list[NamedRow] = []
    tops: list[float] = []
    y = top
    for _tier, members in groupby(issues, key=lambda issue: issue.tier):
        start = y + (HEADING_GAP if rows else 0.0)
        y = start + HEADING
        before = len(rows)
        for issue in members:
            row = _row(issue, words, y, room)
            if rows and row.bottom - top > TALLEST:
                break
            rows.append(row)
            y = row.bottom
        if len(rows) == before:
            break
        tops.append(start)
    shown, whole = Counter(row.issue.tier for row in rows), Counter(issue.tier for issue in issues)
    headings = []
    for tier, start in zip(shown, tops, strict=True):
        name = words.without_tier if tier is None else tiers[tier].name
        told = _heading(sealed(name), shown[tier], whole[tier], words)
        text = shorten(told, width - BESIDE_MARK, 1, SIZE, True)[0]
        headings.append(Heading(text, tier, start, start + HEADING / 2 + 1, start + HEADING / 2 + 5))
    return Rows(tuple(headings), tuple(rows), top, rows[-1].bottom, len(issues) - len(rows))


def _heading(name: str, shown: int, count: int, words: Wording) -> str:
    if shown < count:
        return words.bars_part.format(tier=name, shown=shown, count=grouped(count, words))
    return (words.band_one if count == 1 else words.band).format(tier=name, count=grouped(count, words))


def _tag(issue: RankedIssue, words: Wording) -> str:
    return words.bars_computed.format(tier=issue.computed)


def _row(issue: RankedIssue, words: Wording, top: float, room: float) -> NamedRow:
    lines = shorten(issue.name, room, 2, SIZE)
    tag = shorten(_tag(issue, words), room, 1, TAG_SIZE)[0] if issue.computed else ""
    count = len(lines) + bool(tag)
    first = top + ROW_PADDING + ASCENT
    widest = max(*(text_width(line, SIZE) for line in lines), text_width(tag, TAG_SIZE))
    bottom = top + 2 * ROW_PADDING + count * LINE
    return NamedRow(
        issue=issue,
        lines=tuple(lines),
        baselines=tuple(first + LINE * number for number in range(len(lines))),
        tag=tag,
        tag_baseline=first + LINE * len(lines),
        box=Box(NAME, top + ROW_PADDING, NAME + widest, bottom - ROW_PADDING + 0.5),
        top=top,
        bottom=bottom,
    )


def notes_of(rows: Rows, left_out: Sequence[str], words: Wording) -> list[str]:
    """What a reader must know of issues that are not drawn, in sentences."""
    notes = []
    if rows.left_over:
        drawn = len(rows.rows)
        notes.append(words.cut.format(shown=drawn, count=grouped(drawn + rows.left_over, words)))
    if left_out:
        notes.append(words.left_out.format(names=listed(left_out, words)))
    return notes

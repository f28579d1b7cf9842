"""The screening as the page shows it: rows of text, the choices of what to show, and one page of a long list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from scoping.models import HIGHEST_MARK, Standing
from scoping.screening import DISAGREEMENT, Cell, in_decimals
from scoping.selectors.paging import place_of
from scoping.selectors.screening.marks import GivenMark
from scoping.selectors.screening.totals import ScreenedIssue, Screening

ROWS_PER_PAGE = 100
# Steps of the heat ramp, h0 to h8.
WARMEST = 8


@dataclass(frozen=True, slots=True)
class MeanCell:
    criterion: str
    text: str
    heat: int | None
    span: str  # "0–3": from the lowest to the highest mark, where people disagree


@dataclass(frozen=True, slots=True)
class TableRow:
    number: int
    issue: ScreenedIssue
    means: list[MeanCell]
    total: str
    standing: str  # where it is not as one would expect: on the list, as proposed
    below_the_line: bool  # the first that does not reach the threshold
    marks: list[GivenMark]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that the table can be reduced to."""

    name: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class TablePage:
    choices: list[Choice]
    chosen: str
    issues: list[ScreenedIssue]
    first: int
    last: int
    of: int
    page: int
    pages: int


def table_page(screening: Screening, *, show: str, page: int) -> TablePage:
    """The issues of one page; of an unknown choice or a page that is not there, the nearest there is."""
    kinds: dict[str, tuple[str, Sequence[ScreenedIssue]]] = {
        "all": (_("All"), screening.issues),
        "in": (_("Proposed in"), screening.proposed_in),
        "out": (_("Proposed out"), screening.proposed_out),
        "close": (_("Close to it"), screening.close),
        "contested": (_("People disagree"), screening.contested),
        "open": (_("Not marked yet"), screening.not_marked),
    }
    chosen = show if show in kinds else "all"
    issues = kinds[chosen][1]
    page, pages, start = place_of(page, len(issues), ROWS_PER_PAGE)
    here = list(issues[start : start + ROWS_PER_PAGE])
    choices = [Choice(name, label, len(rows), name == chosen) for name, (label, rows) in kinds.items()]
    return TablePage(choices, chosen, here, start + 1, start + len(here), len(issues), page, pages)


def table_rows(
    screening: Screening, shown: TablePage, marks: Mapping[int, list[GivenMark]], *, decided: bool
) -> list[TableRow]:
    """The rows of a page, each with its place in the whole list."""
    numbers = {issue.id: number for number, issue in enumerate(screening.issues, start=1)}
    threshold = screening.rule.threshold
    first_out = screening.proposed_out[0].id if screening.proposed_out and shown.chosen == "all" else None
    must_haves = screening.rule.must_haves or ()
    rows = []
    for issue in shown.issues:
        cells = [
            _mean(criterion.name, cell, threshold if place in must_haves else None)
            for place, (criterion, cell) in enumerate(zip(screening.criteria, issue.cells, strict=True))
        ]
        total = issue.outcome.total
        rows.append(
            TableRow(
                number=numbers[issue.id],
                issue=issue,
                means=cells,
                total="" if total is None else in_decimals(total, None if screening.by_must_haves else threshold),
                standing=_standing(issue, decided=decided),
                below_the_line=issue.id == first_out,
                marks=marks.get(issue.id, []),
            )
        )
    return rows


def _standing(issue: ScreenedIssue, *, decided: bool) -> str:
    if issue.standing != Standing.LISTED:
        return _(Standing(issue.standing).label)
    return _("Kept all the same") if decided and issue.outcome.proposal is False else ""


def _mean(criterion: str, cell: Cell, threshold: Fraction | None) -> MeanCell:
    mean = cell.mean
    if mean is None:
        return MeanCell(criterion, "", None, "")
    span = f"{cell.lowest}–{cell.highest}" if cell.spread >= DISAGREEMENT else ""
    return MeanCell(criterion, in_decimals(mean, threshold), round(mean * WARMEST / HIGHEST_MARK), span)

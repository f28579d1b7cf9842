"""Scenarios beside the current result: issue by issue, and how far they agree. Documents in, values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from materiality.scoring.agreement import rank_correlation
from materiality.whatif.differences import Difference, Differences, Place, compare

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Agreement:
    """How far two results agree.

    Parameters
    ----------
    same, of : int
        Issues in the same tier, of those that have one in both.
    tau : float or None
        Kendall's tau-b of the ranks of the issues that have one in both: 1 is the same order, 0 none, -1 the opposite.
        None with fewer than two such issues, or where all of them share one rank.
    """

    same: int
    of: int
    tau: float | None


@dataclass(frozen=True)
class Row:
    """One issue: where it stands in the current result, and in each scenario, in their order.

    A cell is None where neither the scenario nor the current result has the issue.
    """

    code: str
    name: str
    current: Place | None
    cells: tuple[Difference | None, ...]

    @property
    def changes_tier(self) -> bool:
        return any(cell is not None and cell.changes_tier for cell in self.cells)


@dataclass(frozen=True)
class Comparison:
    """All issues in the order of the current result, or of the first scenario where there is none; and per scenario
    its agreement with the current result, None without one."""

    rows: tuple[Row, ...]
    agreements: tuple[Agreement | None, ...]


def compare_all(current: Document | None, scenarios: Sequence[Document]) -> Comparison:
    """Compare results documents of scenarios with that of the current run."""
    first = current or (scenarios[0] if scenarios else None)
    if first is None:
        return Comparison((), ())
    differences = [compare(current or {**one, "issues": []}, one) for one in scenarios]
    by_code = [found.by_code for found in differences]
    # As the current result names it, else the first scenario that has it.
    names = {issue["code"]: issue["name"] for document in (*scenarios[::-1], first) for issue in document["issues"]}
    order = dict.fromkeys(issue["code"] for document in (first, *scenarios) for issue in document["issues"])
    before = {code: one.before for found in by_code for code, one in found.items()}
    if current and not scenarios:
        before = {code: one.now for code, one in compare(current, current).by_code.items()}
    rows = tuple(
        Row(code, names[code], before.get(code), tuple(found.get(code) for found in by_code)) for code in order
    )
    return Comparison(rows, tuple(agreement(found) if current else None for found in differences))


def agreement(differences: Differences) -> Agreement:
    """How far the two results agree that were compared."""
    both = [one for one in differences.issues if one.before and one.now]
    tiered = [one for one in both if one.before and one.now and one.before.tier and one.now.tier]
    ranks = [
        (one.before.rank, one.now.rank)
        for one in both
        if one.before and one.now and one.before.rank is not None and one.now.rank is not None
    ]
    tau = rank_correlation([before for before, _ in ranks], [now for _, now in ranks])
    return Agreement(sum(not one.changes_tier for one in tiered), len(tiered), tau)

"""A result beside the one before it: what moved, and what was different about answers, weights and method.

What was computed is compared with what was computed; a tier that people gave instead stands beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.formats import number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.change.amounts import signed
from materiality.findings import Part
from materiality.models import AnalysisRun
from materiality.review.decided import computed_tier
from materiality.scenarios.wording import group_names, method_changes, percent, shares_by_code
from materiality.whatif.differences import Difference, Differences, compare
from materiality.whatif.wording import finding
from scoping.wording import enumerated
from tables.writing import Cell, Table, csv_bytes

Document = Mapping[str, Any]
AXES = ("company", "stakeholders")


@dataclass(frozen=True)
class Row:
    """One issue in two results.

    Attributes
    ----------
    company, stakeholders : its scores (before, now), each None where it has none.
    decided : the tier that people gave in the later result in place of the computed one; empty where they did not.
    """

    difference: Difference
    company: tuple[float | None, float | None]
    stakeholders: tuple[float | None, float | None]
    decided: str

    @property
    def moved(self) -> bool:
        return self.difference.changes_tier or bool(self.difference.moved)

    @property
    def gained(self) -> str:
        """The change of priority; empty where it is not known, and where two decimals show none."""
        moved = "" if self.difference.gained is None else signed(self.difference.gained, 2)
        return moved if _shows(moved) else ""

    @property
    def axes(self) -> list[tuple[str, str]]:
        """Each axis with its score now and, where both are known, how far that is from before."""
        names = {"company": _("To the company"), "stakeholders": _("To stakeholders")}
        found = []
        for axis, (before, now) in zip(AXES, (self.company, self.stakeholders), strict=True):
            told = "–" if now is None else floatformat(now, 2)
            moved = signed(now - before, 2) if before is not None and now is not None else ""
            found.append((names[axis], f"{told} ({moved})" if _shows(moved) else told))
        return found


@dataclass(frozen=True)
class Compared:
    """Two results of an assessment; issues in the order of the later one."""

    before: AnalysisRun
    now: AnalysisRun
    rows: tuple[Row, ...]
    differences: Differences
    changes: tuple[str, ...]

    @property
    def headline(self) -> list[Part]:
        return finding(self.differences)

    @property
    def new_answers(self) -> int:
        """Below 0 where answers were taken out."""
        return self.now.respondents - self.before.respondents

    @property
    def simulated(self) -> bool:
        return bool(self.before.simulated_respondents or self.now.simulated_respondents)

    @property
    def decisions(self) -> int:
        return sum(bool(row.decided) for row in self.rows)


def compare_runs(before: AnalysisRun, now: AnalysisRun, decided: Document) -> Compared:
    """`decided` is the document of `now`, with what was decided."""
    differences = compare(before.results, now.results)
    was = {issue["code"]: issue for issue in before.results["issues"]}
    issues = {issue["code"]: issue for issue in decided["issues"]}
    rows = tuple(_row(one, was.get(one.code, {}), issues.get(one.code, {})) for one in differences.issues)
    return Compared(before, now, rows, differences, tuple(what_differs(before, now, differences)))


def _row(difference: Difference, before: Document, now: Document) -> Row:
    company, stakeholders = ((before.get(axis), now.get(axis)) for axis in AXES)
    decided = now["tier"] if now and computed_tier(now) != now["tier"] else ""
    return Row(difference, company, stakeholders, decided)


def what_differs(before: AnalysisRun, now: AnalysisRun, differences: Differences) -> list[str]:
    """What was different about the two results before anything was computed, one sentence each."""
    first, second = before.results, now.results
    told = [*_answers(before, now), *method_changes(second, first), *_weights(first, second)]
    if [one["name"] for one in first["tiers"]] != [one["name"] for one in second["tiers"]]:
        told.append(_("The tiers are %(names)s.") % {"names": enumerated([one["name"] for one in second["tiers"]])})
    for some, template in (
        (differences.added, _("Only in the later result: %(names)s.")),
        (differences.left_out, _("Only in the earlier result: %(names)s.")),
    ):
        if some:
            told.append(template % {"names": enumerated([_quoted(one.name) for one in some], most=6)})
    if before.engine != now.engine:
        versions = {"before": before.engine, "now": now.engine}
        told.append(_("Computed by version %(now)s of the analysis instead of %(before)s.") % versions)
    return told or [_("Nothing that the results tell of: the number of answers, weights and method are the same.")]


def _answers(before: AnalysisRun, now: AnalysisRun) -> list[str]:
    """How many answers more or fewer, in all and by group."""
    more = now.respondents - before.respondents
    told = []
    if more:
        template = (
            ngettext("%(n)s new answer", "%(n)s new answers", more)
            if more > 0
            else ngettext("%(n)s answer fewer", "%(n)s answers fewer", -more)
        )
        values = {"answers": template % {"n": _count(abs(more))}}
        values |= {"now": _count(now.respondents), "before": _count(before.respondents)}
        told.append(_("%(answers)s: %(now)s instead of %(before)s.") % values)
    was, is_now = _by_group(before.results), _by_group(now.results)
    names = group_names(before.results) | group_names(now.results)
    moved = [
        _("%(group)s %(change)s") % {"group": names[code], "change": signed(is_now.get(code, 0) - was.get(code, 0), 0)}
        for code in names
        if is_now.get(code, 0) != was.get(code, 0)
    ]
    if moved:
        told.append(_("By group: %(groups)s.") % {"groups": enumerated(moved, most=8)})
    if before.simulated_respondents != now.simulated_respondents:
        values = {"now": _count(now.simulated_respondents), "before": _count(before.simulated_respondents)}
        told.append(_("Simulated answers: %(now)s instead of %(before)s.") % values)
    return told


def _by_group(results: Document) -> dict[str, int]:
    """How many answers the results tell of each group, by its code."""
    counts: dict[str, int] = {}
    for group in results["stakeholder_groups"]:
        if not group.get("together"):
            counts[group["code"]] = max(group["n"] or 0, counts.get(group["code"], 0))
    return counts


def _weights(before: Document, now: Document) -> list[str]:
    """A sentence for each group with another share of its axis, as far as that shows in a decimal."""
    was, is_now = shares_by_code(before), shares_by_code(now)
    names = group_names(before) | group_names(now)
    return [
        _("%(group)s: %(share)s of the weight on its axis instead of %(before)s.")
        % {"group": names[code], "share": percent(is_now.get(code, 0)), "before": percent(was.get(code, 0))}
        for code in names
        if percent(is_now.get(code, 0)) != percent(was.get(code, 0))
    ]


def _shows(moved: str) -> bool:
    """Whether a move as text is one: what rounds to nothing is not worth a bracket."""
    return moved not in ("", signed(0.0, 2))


def _quoted(name: str) -> str:
    return _("“%(name)s”") % {"name": name}


def _count(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


def compared_csv(found: Compared) -> bytes:
    """One row per issue; a CSV has no place for a note, so a last column says that answers are simulated."""
    stamps = [f"{localtime(run.created_at):%Y-%m-%d %H:%M:%S}" for run in (found.before, found.now)]
    header = ["Code", "Issue"]
    for what, stamp in zip(("Before", "Now"), stamps, strict=True):
        names = ("rank", "computed tier", "priority", "importance to the company", "importance to stakeholders")
        header += [f"{what} ({stamp}): {name}" for name in names]
    header += ["Ranks gained", "Other tier", "Change of priority"]
    header += ["Tier by decision"] if found.decisions else []
    simulated = max(found.before.simulated_respondents, found.now.simulated_respondents)
    header += ["Simulated answers in these results"] if simulated else []
    rows = [_cells(row, decisions=bool(found.decisions), simulated=simulated) for row in found.rows]
    return csv_bytes(Table("Results compared", header, rows))


def _cells(row: Row, *, decisions: bool, simulated: int) -> list[Cell]:
    one = row.difference
    cells: list[Cell] = [one.code, one.name]
    for place, number in ((one.before, 0), (one.now, 1)):
        cells += [place.rank, place.tier, place.priority] if place else [None, None, None]
        cells += [row.company[number], row.stakeholders[number]]
    both = one.before is not None and one.now is not None
    cells += [one.moved, "yes" if one.changes_tier else "no", one.gained] if both else [None, None, None]
    cells += [row.decided or None] if decisions else []
    return [*cells, *([simulated] if simulated else [])]

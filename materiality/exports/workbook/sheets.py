"""The sheets of the workbook: which columns and rows each has, from a result alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from figures.heard import is_few
from materiality.exports.simulated import simulated_sentence
from materiality.findings import SETTLED, by_decision
from materiality.presentation import ordered_groups, people_told
from materiality.review.decided import computed_tier, decision_of, moved_by_decision
from materiality.scoring.exact import exact
from materiality.telling import choices_in_words, told_method, told_notes
from scoping.wording import dated, in_a_row, run_on

Kind = Literal["text", "whole", "score", "share", "chance", "tier", "time"]
Cell = str | int | float | datetime | None


@dataclass(frozen=True)
class Column:
    """A column of a sheet; `width` in characters. On a `heat` column the house's colours follow the numbers."""

    head: str
    kind: Kind
    width: float
    heat: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet. The first `fixed` columns stay when one scrolls to the right."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    fixed: int = 0


def computed_at(results: Mapping[str, Any]) -> datetime:
    """Without a zone, which Excel does not know: the time on the clocks of the installation."""
    return timezone.make_naive(datetime.fromisoformat(results["computed_at"]))


def ranking(results: Mapping[str, Any]) -> Sheet:
    """One row per issue, best rank first, with every figure that the page shows.

    Where people gave a tier in place of the computed one, that stands beside it, with the day and the reason.
    Probabilities are those of the computed tiers.
    """
    decided = has_decisions(results)
    names = [tier["name"] for tier in results["tiers"]]
    longest = max((len(issue["code"]) for issue in results["issues"]), default=0)
    published = any(issue["published"] for issue in results["issues"])
    percent = f"{float((results.get('method') or {}).get('interval', 0.9)) * 100:g} %"
    low, high = _("%(what)s, %(percent)s from"), _("%(what)s, %(percent)s to")
    axes = {"priority": _("Priority"), "company": _("To the company"), "stakeholders": _("To stakeholders")}
    columns = [
        Column(_("Rank"), "whole", 7),
        Column(_("Code"), "text", min(max(14, longest + 3), 30)),
        Column(_("Issue"), "text", 40),
        Column(_("Category"), "text", 18),
        Column(_("Tier"), "tier", 22),
        *(
            [
                Column(_("Computed tier"), "tier", 22),
                Column(_("Decision"), "text", 20),
                Column(_("Reason of the decision"), "text", 44),
            ]
            if decided
            else []
        ),
        *(Column(name, "score", 13, heat=True) for name in axes.values()),
        *(Column(text % {"what": _("Rank"), "percent": percent}, "whole", 11) for text in (low, high)),
        Column(_("Probability of the computed tier") if decided else _("Probability of its tier"), "chance", 12),
        Column(_("Spread of groups"), "score", 10),
        Column(_("Contested"), "text", 11),
        Column(_("Answers"), "whole", 10),
        *(
            Column(template % {"what": name, "percent": percent}, "score", 15)
            for name in axes.values()
            for template in (low, high)
        ),
        *(Column(_("Probability: %(tier)s") % {"tier": name}, "chance", 14) for name in names),
    ]
    columns += [Column(_("Published rank"), "whole", 11), Column(_("Published tier"), "text", 22)] if published else []
    # A sheet that is copied out of the workbook still says so.
    columns += [Column(_("Simulated answers in this result"), "whole", 13)] if results["simulated"] else []
    rows = []
    for issue in results["issues"]:
        chances = issue["tier_probability"]
        row: list[Cell] = [issue["rank"], issue["code"], issue["name"], issue["category"], issue["tier"]]
        row += _decision(issue) if decided else []
        row += [issue[axis] for axis in axes]
        row += list(issue["rank_interval"] or (None, None))
        row += [chances.get(computed_tier(issue) or ""), issue["spread"]]
        row += [_("yes") if issue["contested"] else _("no"), issue["n"]]
        for axis in axes:
            row += list(issue.get(f"{axis}_interval") or (None, None))
        row += [chances.get(name) for name in names]
        if published:
            source = issue["published"] or {"rank": None, "tier": None}
            row += [source["rank"], source["tier"]]
        row += [results["simulated"]] if results["simulated"] else []
        rows.append(row)
    return Sheet(_("Ranking"), columns, rows, fixed=3)


def has_decisions(results: Mapping[str, Any]) -> bool:
    return any(decision_of(issue) for issue in results["issues"])


def _decision(issue: Mapping[str, Any]) -> list[Cell]:
    """The computed tier, what was decided, and why."""
    decision = decision_of(issue)
    if decision is None:
        return [computed_tier(issue), None, None]
    day = dated(date.fromisoformat(decision["on"]))
    told = _("as computed, %(day)s") if decision["tier"] == decision["computed_tier"] else _("by decision, %(day)s")
    return [computed_tier(issue), told % {"day": day}, decision["reason"]]


def groups(results: Mapping[str, Any]) -> Sheet:
    """One row per issue: the mean of each group that answered, then how many ratings it stands on. Where people gave a
    tier, the computed one stands beside it."""
    decided = has_decisions(results)
    heard = [group["name"] for group in ordered_groups(dict(results))]
    columns = [
        Column(_("Rank"), "whole", 7),
        Column(_("Issue"), "text", 40),
        Column(_("Tier"), "tier", 22),
        *([Column(_("Computed tier"), "tier", 22)] if decided else []),
        *(Column(name, "score", 14, heat=True) for name in heard),
        *(Column(_("%(group)s: answers") % {"group": name}, "whole", 14) for name in heard),
    ]
    hidden = _("not shown")
    rows: list[list[Cell]] = []
    for issue in results["issues"]:
        cells = [issue["groups"][name] for name in heard]
        rows.append(
            [
                issue["rank"],
                issue["name"],
                issue["tier"],
                *([computed_tier(issue)] if decided else []),
                *(hidden if cell.get("hidden") else cell["mean"] for cell in cells),
                *(hidden if cell.get("hidden") else cell["n"] for cell in cells),
            ]
        )
    return Sheet(_("Groups"), columns, rows, fixed=2)


def tiers(results: Mapping[str, Any]) -> Sheet:
    """One row per tier, highest first. What was given a tier by decision counts in it, but is not settled there."""
    decided = has_decisions(results)
    published = any(issue["published"] for issue in results["issues"])
    values = (results.get("boundaries") or {}).get("values") or []
    columns = [
        Column(_("Tier"), "tier", 26),
        Column(_("Issues"), "whole", 9),
        *([Column(_("Issues as computed"), "whole", 12)] if decided else []),
        Column(_("Highest priority"), "score", 11),
        Column(_("Lowest priority"), "score", 11),
        Column(_("Boundary to the next tier"), "score", 14),
        Column(_("Settled (at least %(percent)s)") % {"percent": f"{SETTLED * 100:g} %"}, "whole", 16),
        Column(_("Contested"), "whole", 11),
        *([Column(_("Published in it"), "whole", 12)] if published else []),
    ]
    rows: list[list[Cell]] = []
    for number, tier in enumerate(results["tiers"]):
        inside = [issue for issue in results["issues"] if issue["tier"] == tier["name"]]
        scores = [issue["priority"] for issue in inside if issue["priority"] is not None]
        known = [
            issue["tier_probability"][tier["name"]]
            for issue in inside
            if issue["tier_probability"] and computed_tier(issue) == tier["name"]
        ]
        told = [issue["published"] for issue in results["issues"] if issue["published"]]
        row: list[Cell] = [
            tier["name"],
            tier["count"],
            *([tier["computed_count"]] if decided else []),
            max(scores, default=None),
            min(scores, default=None),
            values[number] if number < len(values) else None,
            sum(chance >= SETTLED for chance in known) if known else None,
            sum(issue["contested"] for issue in inside),
        ]
        row += [sum(one["tier"] == tier["name"] for one in told)] if published else []
        rows.append(row)
    return Sheet(_("Tiers"), columns, rows, fixed=1)


def stakeholders(results: Mapping[str, Any]) -> Sheet:
    """One row per stakeholder group: for whom it speaks, with which weight, and how many answered."""
    sides = {"internal": _("To the company"), "external": _("To stakeholders")}
    columns = [
        Column(_("Group"), "text", 36),
        Column(_("Speaks for the importance"), "text", 20),
        Column(_("Weight"), "score", 10),
        Column(_("Share of its axis"), "share", 11),
        Column(_("Answers"), "whole", 10),
        Column(_("of these simulated"), "whole", 12),
        Column(_("Counted together"), "text", 30),
    ]
    named = {group["code"]: group["name"] for group in results["stakeholder_groups"]}
    few = [is_few(group, results.get("minimum_group") or 1) for group in results["stakeholder_groups"]]
    rows: list[list[Cell]] = [
        [
            group["name"],
            sides[group["side"]],
            group["weight"],
            group["share"],
            people_told(group, results) if too_few else group["n"],
            None if too_few else group["simulated"],
            in_a_row(named.get(code, code) for code in group.get("together") or ()) or None,
        ]
        for group, too_few in zip(results["stakeholder_groups"], few, strict=True)
    ]
    return Sheet(_("Stakeholders"), columns, rows, fixed=1)


def method(results: Mapping[str, Any]) -> Sheet:
    """Where the numbers come from, for a file that travels alone."""
    chosen = results.get("method") or {}
    low, high = results["scale"]
    agreement, spread = results["agreement"], chosen.get("contested_spread")
    rows: list[list[Cell]] = [
        [_("Assessment"), results["title"]],
        [_("Company"), results["company_name"]],
        [_("Reporting period"), results["reporting_period"]],
        [_("Answers"), results["respondents"]],
        [_("of these simulated"), results["simulated"]],
        [_("Lowest score that could be given"), low],
        [_("Highest score that could be given"), high],
        [_("Method"), told_method(results)],
        [_("Draws behind probabilities and intervals"), chosen.get("draws")],
        [_("Contested from a spread of"), spread and float(exact(spread, "The spread of a contested issue"))],
        [_("Fewest people whose results are shown"), results.get("minimum_group")],
        [_("Agreement of groups, Kendall's W"), agreement["kendall_w"]],
        [_("Agreement of groups, p"), _p_value(agreement.get("p"))],
        [_("Run"), results["run"]],
        [_("Version of the analysis"), results["engine"]],
        [_("Seed"), results["seed"]],
        [_("Computed"), computed_at(results)],
    ]
    return Sheet(_("Method"), [Column(_("What"), "text", 40), Column(_("Value"), "text", 80)], rows)


def _p_value(p: float | None) -> Cell:
    """No p is zero: what would be written so is told by its limit."""
    return "< 0.001" if p is not None and p < 0.001 else p


def choices(results: Mapping[str, Any]) -> Sheet:
    """One row per choice of the method."""
    columns = [
        Column(_("Choice"), "text", 24),
        Column(_("Here"), "text", 28),
        Column(_("What it means"), "text", 50),
        Column(_("Formula"), "text", 40),
        Column(_("Reference"), "text", 50),
    ]
    fields = ("choice", "label", "sentence", "formula", "reference")
    rows = [[one[field] or None for field in fields] for one in choices_in_words(results)]
    return Sheet(_("Choices"), columns, rows, fixed=1)


def notes(results: Mapping[str, Any]) -> Sheet:
    """What a reader must know, the most important first."""
    found = []
    if simulated := results["simulated"]:
        found.append(simulated_sentence(simulated, results["respondents"]))
    found += told_notes(results)
    if moved := moved_by_decision(dict(results)):
        found.append(run_on([by_decision(len(moved)), _("Ranks, scores and probabilities are as computed.")]))
    if any(cell.get("hidden") for issue in results["issues"] for cell in issue["groups"].values()):
        found.append(_("“not shown”: so few people rated the issue that their answers could be worked out."))
    found.append(_("Numbers are shown rounded and kept in full. Empty cells: not known."))
    columns = [Column(_("No."), "text", 6), Column(_("Note"), "text", 110)]
    return Sheet(_("Notes"), columns, [[number, note] for number, note in enumerate(found, start=1)])

"""A proposed result on one page: tiers with their issues, what was decided otherwise, who answered, what is close.

Documents in, plain values out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from materiality.boundary import BoundaryCase, boundary_cases, of_unknown_certainty
from materiality.findings import Part, headline
from materiality.matrix import Drawing, drawing_of
from materiality.presentation import heard_and_asked, ordered_groups, people_told, tier_numbers
from materiality.review.decided import decision_of
from materiality.telling import language_of, told_method


@dataclass(frozen=True)
class SummaryTier:
    """A tier and the names of its issues, by rank. `number` is 1 for the highest; 0 where tiers have no order.

    `computed` : how many were computed, where people decided otherwise.
    """

    name: str
    number: int
    issues: tuple[str, ...]
    computed: int | None = None


@dataclass(frozen=True)
class Decided:
    """An issue that stands in another tier than computed, by decision."""

    name: str
    tier: str
    computed: str
    reason: str


@dataclass(frozen=True)
class Ranked:
    """An issue at its rank, with its scores; `computed` is the computed tier where people decided otherwise.

    `tier` : empty without one; `number` is 1 for the highest, 0 without one.
    """

    code: str
    name: str
    rank: int | None
    company: float | None
    stakeholders: float | None
    priority: float | None
    tier: str
    number: int
    computed: str | None


@dataclass(frozen=True)
class Summary:
    """What is put before the body that confirms. Of a list without a survey, tiers and nothing about answers.

    Attributes
    ----------
    close : issues that could be on either side of a boundary.
    unknown : of how many issues nothing is known about the certainty.
    drawing : the matrix; None where no issue has a rank, or there are no scores at all.
    ranking : every issue with its rank.
    by_category : whether `tiers` are the categories of a list without tiers.
    """

    headline: list[Part]
    tiers: list[SummaryTier]
    decided: list[Decided]
    issues: int
    respondents: int
    simulated: int
    groups: tuple[tuple[str, str], ...]
    heard: int
    asked: int
    close: list[BoundaryCase]
    unknown: int
    method: str
    is_list: bool
    drawing: Drawing | None = None
    ranking: tuple[Ranked, ...] = ()
    by_category: bool = False
    method_language: str = ""


def summary_of(document: Mapping[str, Any]) -> Summary:
    return _of_run(dict(document)) if "tiers" in document else _of_list(document)


def _of_run(document: dict[str, Any]) -> Summary:
    tiers = [
        SummaryTier(
            tier["name"],
            number,
            tuple(issue["name"] for issue in document["issues"] if issue["tier"] == tier["name"]),
            tier.get("computed_count"),
        )
        for number, tier in enumerate(document["tiers"], start=1)
    ]
    if without := tuple(issue["name"] for issue in document["issues"] if issue["tier"] is None):
        tiers.append(SummaryTier("", 0, without))
    heard, asked = heard_and_asked(document)
    people = {group["name"]: people_told(group, document) for group in ordered_groups(document)}
    method = told_method(document)
    return Summary(
        headline=headline(document),
        tiers=tiers,
        decided=[
            Decided(issue["name"], decision["tier"], decision["computed_tier"] or "", decision["reason"])
            for issue in document["issues"]
            if (decision := decision_of(issue))
        ],
        issues=len(document["issues"]),
        respondents=document["respondents"],
        simulated=document["simulated"],
        groups=tuple(people.items()),
        heard=heard,
        asked=asked,
        close=boundary_cases(document),
        unknown=of_unknown_certainty(document),
        method=method,
        method_language=language_of(method, document["method_sentence"]),
        is_list=False,
        drawing=drawing_of(document),
        ranking=_ranking(document),
    )


def _ranking(document: dict[str, Any]) -> tuple[Ranked, ...]:
    """In the order of the ranks; issues without one come last."""
    numbers = tier_numbers(document)
    found = []
    for issue in document["issues"]:
        decision = decision_of(issue)
        found.append(
            Ranked(
                code=issue["code"],
                name=issue["name"],
                rank=issue["rank"],
                company=issue.get("company"),
                stakeholders=issue.get("stakeholders"),
                priority=issue["priority"],
                tier=issue["tier"] or "",
                number=numbers.get(issue["tier"], 0),
                computed=(decision["computed_tier"] or "") if decision else None,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.rank is None, one.rank or 0)))


def _of_list(document: Mapping[str, Any]) -> Summary:
    """By published tier where there are some, else by category."""
    key = "tier" if any(issue["tier"] for issue in document["issues"]) else "category"
    names = dict.fromkeys(issue[key] or "" for issue in document["issues"])
    return Summary(
        headline=[],
        tiers=[
            SummaryTier(name, 0, tuple(issue["name"] for issue in document["issues"] if (issue[key] or "") == name))
            for name in names
        ],
        decided=[],
        issues=len(document["issues"]),
        respondents=0,
        simulated=0,
        groups=(),
        heard=0,
        asked=0,
        close=[],
        unknown=0,
        method="",
        is_list=True,
        by_category=key == "category",
    )

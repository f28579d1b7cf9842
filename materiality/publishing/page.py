"""What the public page is rendered from: the frozen document in the language of the reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.presentation import own_name, weights
from materiality.publishing.colours import colours_named
from materiality.publishing.drawing import Drawing, drawing_of
from materiality.publishing.ranking import list_of, mark_of, ranking_of
from materiality.publishing.sentences import (
    answers_told,
    asked_in,
    description_of,
    heard_in,
    reading_of,
    report_name,
    standfirst_of,
    title_of,
)
from materiality.review.decided import computed_tier, moved_by_decision
from scoping.libraries.sdgs import GOALS, goal_name
from scoping.wording import enumerated, isolated

# What is written about the issues stands on the page up to so many bytes, and on a page of its own beyond. It is less
# where there are many issues: the page with all that it loads stays under 100,000 bytes.
MOST_WRITTEN, ROOM, OF_AN_ISSUE = 10_000, 55_000, 1_700
MARKUP = 250  # bytes around each sheet
MOST_TIERS = 5


@dataclass(frozen=True)
class Topic:
    """Something that a group asks about; `number` is the tier of its issue, 0 where it has none."""

    text: str
    code: str
    number: int
    response: str


@dataclass(frozen=True)
class Voice:
    """A stakeholder group: how one talks with it, what it asks, and what it gets as an answer."""

    name: str
    channels: str
    topics: Sequence[Topic]


@dataclass(frozen=True)
class Goal:
    number: int
    name: str


@dataclass(frozen=True)
class Sheet:
    """What is written about an issue."""

    code: str
    name: str
    number: int
    tier: str
    parts: Sequence[tuple[str, Sequence[str]]]
    chapters: Sequence[str]
    goals: Sequence[Goal]


@dataclass(frozen=True)
class SheetPart:
    """The sheets of one category."""

    name: str
    sheets: Sequence[Sheet]


@dataclass(frozen=True)
class Pillar:
    name: str
    topics: Sequence[str]
    issues: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Name:
    """An issue in the list beside the matrix; `computed` is the tier that was computed, where that is another."""

    rank: int
    code: str
    name: str
    number: int
    computed: str


@dataclass(frozen=True)
class Definition:
    """A line of the card beside the method."""

    term: str
    text: str


def page_of(document: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The context of the public page, but for what can change after publication. `key` names the document for good."""
    results = document["results"]
    drawing = drawing_of(document, key)
    sheets = sheets_of(document)
    written = sum(_size(sheet) for part in sheets for sheet in part.sheets)
    issues = results["issues"] if results else document["list"]
    most_written = max(min(MOST_WRITTEN, ROOM - OF_AN_ISSUE * len(issues)), 0)
    voices = voices_of(document)
    return {
        "document": document,
        "results": results,
        "colours": colours_named(document.get("colours", ())),
        "title": title_of(document),
        "name": report_name(document),
        "description": description_of(document),
        "standfirst": standfirst_of(document),
        "facts": facts_of(document),
        "drawing": drawing,
        "reading": _reading(document, drawing),
        "tiers": [(mark_of(number), name) for number, name in enumerate(_tier_names(document), start=1)],
        "ranking": ranking_of(document) if results else list_of(document),
        "definitions": definitions_of(document),
        "voices": voices,
        "has_responses": any(topic.response for voice in voices for topic in voice.topics),
        "pillars": pillars_of(document),
        "sheets": sheets,
        "sheets_apart": written > most_written,
        # What is written about issues and for stakeholders was not put before who confirmed the result.
        "says_more": bool(sheets or voices or document["pillars"]),
        "simulated": bool(results and results["simulated"]),
        "all_simulated": bool(results and results["simulated"] >= results["respondents"] > 0),
    }


def _size(sheet: Sheet) -> int:
    texts = [*(text for _heading, texts in sheet.parts for text in texts), *sheet.chapters]
    return MARKUP + sum(len(text.encode()) for text in texts)


def _reading(document: Mapping[str, Any], drawing: Drawing | None) -> list[str]:
    if drawing is None:
        return []
    return reading_of(
        document, has_intervals=drawing.has_intervals, is_matrix=drawing.is_matrix, has_moved=drawing.has_moved
    )


def _tier_names(document: Mapping[str, Any]) -> list[str]:
    results = document["results"]
    return [tier["name"] for tier in results["tiers"]] if results else list(document["list_tiers"])


def _issues(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    issues: list[dict[str, Any]] = document["results"]["issues"] if document["results"] else document["list"]
    return issues


def tier_of(document: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """By the code of each issue: the mark of its tier, 0 without one, and its name."""
    numbers = {name: mark_of(number) for number, name in enumerate(_tier_names(document), start=1)}
    return {one["code"]: (numbers.get(one["tier"] or "", 0), one["tier"] or "") for one in _issues(document)}


def names_of(document: Mapping[str, Any]) -> list[Name]:
    """The names that stand for the numbers of the matrix, by rank."""
    tiers = tier_of(document)
    moved = {issue["code"]: computed_tier(issue) for issue in moved_by_decision(document["results"])}
    return [
        Name(
            issue["rank"],
            issue["code"],
            issue["name"],
            tiers[issue["code"]][0],
            (moved[issue["code"]] or _("no tier")) if issue["code"] in moved else "",
        )
        for issue in sorted(_issues(document), key=lambda one: one["rank"] or 0)
        if issue["rank"] is not None
    ]


# --- the head -----------------------------------------------------------------------------------------------
def facts_of(document: Mapping[str, Any]) -> list[Definition]:
    """The line of facts: how many issues, who answered, which period, by which standards."""
    results = document["results"]
    facts = [Definition(_("Issues"), _issues_in_tiers(document))]
    if results:
        heard, asked = len(heard_in(results)), len(asked_in(results))
        text = ngettext("%(people)s in %(heard)s of %(n)s group", "%(people)s in %(heard)s of %(n)s groups", asked) % {
            "people": answers_told(results),
            "heard": heard,
            "n": asked,
        }
        facts.append(Definition(_("Answered"), text))
    facts.append(Definition(_("Period"), document["period"]))
    if document["libraries"]:
        facts.append(Definition(_("Standards"), enumerated(document["libraries"], most=4)))
    return facts


def _issues_in_tiers(document: Mapping[str, Any]) -> str:
    results = document["results"]
    if not results:
        number = len(document["list"])
        return ngettext("%(n)s on the list", "%(n)s on the list", number) % {"n": number}
    counted = [_("%(n)s %(tier)s") % {"n": tier["count"], "tier": tier["name"]} for tier in results["tiers"]]
    if len(counted) > MOST_TIERS or sum(len(text) for text in counted) > 120:
        told = {"n": len(results["issues"]), "tiers": len(counted)}
        return ngettext("%(n)s in %(tiers)s tier", "%(n)s in %(tiers)s tiers", len(counted)) % told
    return _(", ").join(counted)


# --- how it was made ----------------------------------------------------------------------------------------
def definitions_of(document: Mapping[str, Any]) -> list[Definition]:
    """The card beside the method: who speaks on which axis, who answered, how far they agree, who confirmed."""
    results = document["results"]
    found: list[Definition] = []
    if results:
        for axis, groups in weights(dict(results)):
            if groups:
                found.append(Definition(axis, enumerated([f"{name} {share}" for name, share in groups])))
        found += _answers(document)
        agreement = results["agreement"]
        if agreement["kendall_w"] is not None:
            contested = sum(issue["contested"] for issue in results["issues"])
            text = _("Kendall’s W %(w)s") % {"w": f"{agreement['kendall_w']:.2f}"}
            more = ngettext("%(n)s issue is contested", "%(n)s issues are contested", contested) % {"n": contested}
            found.append(Definition(_("Agreement of the groups"), _("%(w)s; %(more)s") % {"w": text, "more": more}))
    found.append(Definition(_("Confirmed by"), document["confirmed"]["by"]))
    return found


def _answers(document: Mapping[str, Any]) -> list[Definition]:
    groups = [one for one in document["results"]["stakeholder_groups"] if not one["together"]]
    by_code = {one["code"]: one for one in groups}
    few = _("fewer than %(n)s") % {"n": document["fewest"]}
    answered = [one for one in by_code.values() if one["n"] or one["few"]]
    heard = [f"{isolated(own_name(one))} {few if one['few'] else one['n']}" for one in answered]
    silent = [own_name(one) for one in by_code.values() if not (one["n"] or one["few"])]
    found = [Definition(_("Answers"), _(", ").join(heard))] if heard else []
    if silent:
        found.append(Definition(_("Not heard"), enumerated(silent)))
    left = [_("%(answers)s: %(label)s") % one for one in document["left_out"]]
    if left:
        found.append(Definition(_("Left out of the count"), _(", ").join(left)))
    return found


# --- stakeholders, pillars, sheets --------------------------------------------------------------------------
def voices_of(document: Mapping[str, Any]) -> list[Voice]:
    """The groups that the register says something of."""
    tiers = tier_of(document)
    names = {issue["code"]: issue["name"] for issue in _issues(document)}
    voices = []
    for one in document["stakeholders"]:
        topics = [
            Topic(
                names.get(topic["issue"], topic["topic"]),
                topic["issue"] or "",
                tiers.get(topic["issue"], (0, ""))[0],
                topic["response"],
            )
            for topic in one["topics"]
        ]
        channels = [
            _("%(channel)s (%(frequency)s)") % {"channel": channel["name"], "frequency": channel["frequency"]}
            if channel["frequency"]
            else channel["name"]
            for channel in one["channels"]
        ]
        if topics or channels:
            voices.append(Voice(one["name"], _("; ").join(channels), topics))
    return voices


def pillars_of(document: Mapping[str, Any]) -> list[Pillar]:
    names = {issue["code"]: issue["name"] for issue in _issues(document)}
    return [
        Pillar(one["name"], one["topics"], [(code, names[code]) for code in one["issues"]])
        for one in document["pillars"]
    ]


def sheets_of(document: Mapping[str, Any]) -> list[SheetPart]:
    """What is written about the issues, by category in the order of the result."""
    tiers = tier_of(document)
    issues = {issue["code"]: issue for issue in _issues(document)}
    headings = {
        "meaning": _("What it means to us"),
        "practice": _("Our practice"),
        "improvement": _("What we will improve"),
    }
    parts: dict[str, list[Sheet]] = {}
    for row in document["sheets"]:
        issue = issues[row["code"]]
        number, tier = tiers[row["code"]]
        sheet = Sheet(
            code=row["code"],
            name=issue["name"],
            number=number,
            tier=tier,
            parts=[
                (heading, [line for line in row[field].splitlines() if line.strip()])
                for field, heading in headings.items()
                if row[field].strip()
            ],
            chapters=row["chapters"],
            goals=[Goal(goal, goal_name(goal)) for goal in row["sdgs"] if goal in GOALS],
        )
        parts.setdefault(issue["category"], []).append(sheet)
    single = len(parts) == 1
    return [SheetPart(name or ("" if single else _("Without a category")), sheets) for name, sheets in parts.items()]


def day(iso: str | None) -> date | None:
    """A day of the document."""
    return date.fromisoformat(iso) if iso else None

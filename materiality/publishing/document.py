"""Everything that a public report shows, frozen as one JSON document when it is published.

What is in it was chosen to be public. Nobody's name or address, no comment, no note to oneself and no owner of an issue
is. Of fewer than k people no rating is told; how many they are is not told of the group, though it may follow from the
other groups and the total. Our own words are in English here, or chosen when the page is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone, translation

from accounts.models import Membership
from figures.heard import is_few
from materiality.change.comparison import Comparison, Row, comparison_of
from materiality.change.years import Place, Year
from materiality.facts import Facts, facts_of
from materiality.house_style.selectors import look_of
from materiality.models import Proposal
from materiality.statement import statement_of
from scoping.models import Assessment, Contact
from scoping.selectors.sheets import pillars_of
from scoping.selectors.stakeholders import RegisteredGroup, register_of
from surveys.models import Survey
from surveys.monitor import left_out_of

VERSION = 1
# Of a run's document (materiality/results.py): nothing about single groups but how many answered and what they weigh.
RESULT_KEYS = (
    "assessment", "run", "title", "company_name", "reporting_period", "respondents", "simulated", "scale", "tiers",
    "question", "agreement", "method", "method_sentence", "boundaries", "engine", "seed", "computed_at",
)  # fmt: skip
ISSUE_KEYS = (
    "code", "name", "category", "company", "stakeholders", "priority", "rank", "tier", "tier_probability", "to_settle",
    "rank_interval", "priority_interval", "company_interval", "stakeholders_interval", "contested", "decision",
)  # fmt: skip
GROUP_KEYS = ("code", "name", "side", "share", "n", "simulated", "together")
# What a run notes of answers that were left out names them one by one.
LEFT_OUT = "Left out of the count by the working group:"


def public_document(proposal: Proposal) -> dict[str, Any]:
    """What the public page of `proposal` shows; `proposal` comes with its assessment. A fixed number of queries."""
    with translation.override("en"):
        return _document(proposal, proposal.assessment)


def _document(proposal: Proposal, assessment: Assessment) -> dict[str, Any]:
    confirmed = proposal.document
    results = _results(confirmed) if proposal.run_id else None
    fewest = results["minimum_group"] if results else 1
    issues = confirmed["issues"]
    codes = {issue["code"] for issue in issues}
    # What was confirmed has names of its own: nothing on the page calls the company or the assessment otherwise.
    facts = replace(
        _facts(assessment, fewest),
        name=confirmed["title"],
        company=confirmed["company_name"],
        period=confirmed["reporting_period"],
    )
    return {
        "version": VERSION,
        "slug": assessment.slug,
        "title": confirmed["title"],
        "company": confirmed["company_name"],
        "period": confirmed["reporting_period"],
        "confirmed": {
            "by": proposal.body,
            "on": timezone.localdate(proposal.confirmed_at).isoformat() if proposal.confirmed_at else None,
        },
        "proposal": {"id": str(proposal.pk), "number": proposal.number, "digest": proposal.digest},
        "results": results,
        "list": None if results else [_chosen(issue, ISSUE_KEYS) for issue in issues],
        "list_tiers": [] if results else _tiers_of_list(assessment, issues),
        "fewest": fewest,
        "left_out": _left_out(assessment),
        "survey": _survey(facts),
        "libraries": list(facts.scope.libraries),
        "since": _since(assessment),
        "stakeholders": [_stakeholder(one, codes) for one in register_of(assessment)],
        "sheets": _sheets(assessment, [issue["code"] for issue in issues]),
        "pillars": [
            {
                "name": pillar.name,
                "topics": list(pillar.topics),
                "issues": [issue.code for issue in pillar.issues if issue.code in codes],
            }
            for pillar in pillars_of(assessment)
        ],
        "statement": [
            {"title": section.title, "answers": section.answers, "paragraphs": list(section.paragraphs)}
            for section in statement_of(facts)
        ],
        # Of the tiers, as #rrggbb: the page has the colours that its files have.
        "colours": list(look_of(assessment.organisation).colours),
        "downloads": [],
    }


def _chosen(row: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: row[key] for key in keys if key in row}


def _results(confirmed: Mapping[str, Any]) -> dict[str, Any]:
    fewest = confirmed.get("minimum_group", 1)
    groups = []
    for group in confirmed["stakeholder_groups"]:
        few = is_few(group, fewest)
        # Of a group so small it is told that somebody answered, not how many.
        shown = {"n": None, "simulated": None} if few else {}
        groups.append({"together": [], "simulated": 0} | _chosen(group, GROUP_KEYS) | shown | {"few": few})
    return _chosen(confirmed, RESULT_KEYS) | {
        "minimum_group": fewest,
        "stakeholder_groups": groups,
        "issues": [_chosen(issue, ISSUE_KEYS) for issue in confirmed["issues"]],
        "notes": [note for note in confirmed.get("notes", []) if not note.startswith(LEFT_OUT)],
    }


def _tiers_of_list(assessment: Assessment, issues: Sequence[Mapping[str, Any]]) -> list[str]:
    """The tiers that issues of a list stand in, the highest first."""
    held = {issue["tier"] for issue in issues}
    return [tier.name for tier in assessment.tiers.all() if tier.name in held]


def _facts(assessment: Assessment, fewest: int) -> Facts:
    """The facts of the method statement without anything that only members should read."""
    facts = facts_of(organisation=assessment.organisation, assessment=assessment)
    people = _people(assessment)
    notes = tuple(replace(note, done_by="") if _names_one(note.done_by, people) else note for note in facts.scope.notes)
    experts = tuple(expert for expert in facts.scope.experts if not _names_one(expert, people))
    survey = replace(facts.survey, fewest=fewest, left_out=()) if facts.survey else None
    return replace(facts, scope=replace(facts.scope, notes=notes, experts=experts), survey=survey)


def _people(assessment: Assessment) -> set[str]:
    """Names and addresses of members and contacts, in small letters."""
    members = Membership.objects.filter(organisation=assessment.organisation).values_list("user__name", "user__email")
    contacts = Contact.objects.filter(assessment=assessment).values_list("name", "email")
    return {text.strip().lower() for pair in (*members, *contacts) for text in pair if text and text.strip()}


def _names_one(text: str, people: set[str]) -> bool:
    """Whether `text`, or one of the names that it lists, is somebody's name or address."""
    parts = text.replace(";", ",").replace(" and ", ",").split(",")
    return "@" in text or any(part.strip().lower() in people for part in (text, *parts))


def _left_out(assessment: Assessment) -> list[dict[str, str]]:
    """How many answers the working group left out of the count and what was seen in them, without its own words."""
    survey = Survey.objects.filter(assessment=assessment).first()
    return [{"answers": one.answers, "label": one.label} for one in left_out_of(survey)] if survey else []


def _survey(facts: Facts) -> dict[str, Any] | None:
    if facts.survey is None:
        return None
    closed = facts.survey.closed_on
    return {"opened_on": facts.survey.opened_on.isoformat(), "closed_on": closed.isoformat() if closed else None}


# --- the year before ----------------------------------------------------------------------------------------
def _since(assessment: Assessment) -> dict[str, Any] | None:
    """Where each issue stood in the assessment before, by its code; None where there is nothing to compare with."""
    if assessment.previous is None:
        return None
    comparison, _before, _now = comparison_of(organisation=assessment.organisation, assessment=assessment)
    if comparison is None:
        return None
    rows = [row for row in comparison.rows if row.now is not None or row.relation != "dropped"]
    return {
        "period": comparison.before.period,
        "is_published": comparison.before.is_published,
        "same_tiers": comparison.same_tiers,
        "summary": comparison.summary,
        "issues": {row.code: _then(row, comparison) for row in rows},
        "gone": [row.name for row in comparison.rows if row.relation == "dropped"],
        "notes": list(comparison.notes),
    }


def _then(row: Row, comparison: Comparison) -> dict[str, Any]:
    return {
        "relation": row.relation.value,
        "alone": row.is_one_to_one,
        "larger": row.moved_for_sure,
        "before": [{"name": then.name, **_place(then.place, comparison.before)} for then in row.before],
    }


def _place(place: Place | None, year: Year) -> dict[str, Any]:
    known = place is not None and place.tier is not None
    return {
        "rank": round(place.rank.value) if place and place.rank else None,
        "tier": year.tiers[place.tier] if place and place.tier is not None else None,
        "tier_number": place.tier + 1 if place and known and place.tier is not None else None,
    }


# --- stakeholders and sheets --------------------------------------------------------------------------------
def _stakeholder(one: RegisteredGroup, codes: set[str]) -> dict[str, Any]:
    return {
        "name": one.group.name,
        "side": one.group.side,
        "channels": [{"name": channel.name, "frequency": channel.frequency} for channel in one.channels],
        "topics": [
            {
                "topic": concern.topic,
                "issue": concern.issue.code if concern.issue and concern.issue.code in codes else None,
                "response": concern.response,
            }
            for concern in one.topics
        ],
    }


def _sheets(assessment: Assessment, codes: Sequence[str]) -> list[dict[str, Any]]:
    """What is written about each issue, in the order of the result; only those that have something."""
    fields = ("code", "meaning", "practice", "improvement", "chapters", "sdgs")
    found = {row["code"]: row for row in assessment.issues.filter(code__in=codes).values(*fields)}
    written = (found[code] for code in codes if code in found and any(found[code][field] for field in fields[1:]))
    return [row | {"chapters": [line for line in row["chapters"].splitlines() if line.strip()]} for row in written]

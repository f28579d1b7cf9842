"""What the chapter is written from: a result, where there is one, and the record of the assessment around it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from figures.palette import Palette, palette_with
from materiality.change.comparison import comparison_of
from materiality.change.sentences import headline
from materiality.facts import Facts, RunRecord, facts_of, run_record
from materiality.house_style.selectors import look_of
from materiality.models import CurrentRun
from materiality.review.decided import moved_by_decision
from scoping.models import Assessment
from scoping.selectors.continuity import Changes, changes_of
from scoping.selectors.sheets import Category, issue_table, sheets_of
from scoping.selectors.stakeholders import RegisteredGroup, register_of


@dataclass(frozen=True)
class Material:
    """
    Everything that the chapter tells.

    Attributes
    ----------
    results : the document of a run (materiality/results.py); None where the list is the result.
    facts : of the method statement, as a report may tell them: how many answered is not told of a group that is smaller
        than the smallest of which results are shown.
    responses : by the code of an issue, what the company answers to which group that asks about it.
    moves : what changed in tiers and priorities since the year before, in sentences, where both years have a result.
    made_at : when the result was computed; without one, when the chapter was asked for.
    palette : with the tier colours of the organisation.
    """

    name: str
    company: str
    period: str
    results: Mapping[str, Any] | None
    facts: Facts
    groups: Sequence[RegisteredGroup]
    sheets: Sequence[Category]
    responses: Mapping[str, Sequence[tuple[str, str]]]
    changes: Changes | None
    moves: Sequence[str]
    previous_period: str
    made_at: datetime
    palette: Palette

    @property
    def answers(self) -> int:
        return self.results["respondents"] if self.results else self.facts.survey.answers if self.facts.survey else 0

    @property
    def simulated(self) -> int:
        return self.results["simulated"] if self.results else self.facts.survey.simulated if self.facts.survey else 0

    @property
    def made_on(self) -> date:
        return timezone.localtime(self.made_at).date()


def material_of(assessment: Assessment, results: Mapping[str, Any] | None) -> Material:
    """Read in a fixed number of queries, however long the lists are."""
    groups = register_of(assessment)
    table = issue_table(assessment)
    responses: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in groups:
        for concern in one.topics:
            if concern.issue and concern.response:
                responses[concern.issue.code].append((one.group.name, concern.response))
    facts = facts_of(organisation=assessment.organisation, assessment=assessment)
    made_at = datetime.fromisoformat(results["computed_at"]) if results else timezone.now()
    return Material(
        name=assessment.name,
        company=assessment.company,
        period=assessment.reporting_period,
        results=results,
        facts=_for_reports(facts, results, made_at),
        groups=groups,
        sheets=sheets_of(assessment, table, table.issues),
        responses=responses,
        changes=changes_of(assessment),
        moves=moves_of(assessment, results) if results else (),
        previous_period=assessment.previous.reporting_period if assessment.previous else "",
        made_at=made_at,
        palette=palette_with(look_of(assessment.organisation).colours),
    )


def moves_of(assessment: Assessment, results: Mapping[str, Any]) -> Sequence[str]:
    """What changed since the year before, in sentences; of the current result alone: years are compared by that."""
    current = CurrentRun.objects.filter(assessment=assessment).values_list("run", flat=True).first()
    if assessment.previous is None or str(current) != results["run"]:
        return ()
    comparison, _before, _now = comparison_of(organisation=assessment.organisation, assessment=assessment)
    if comparison is None:
        return ()
    return ("".join(part.text for part in headline(comparison)), *comparison.notes)


def _for_reports(facts: Facts, results: Mapping[str, Any] | None, made_at: datetime) -> Facts:
    if facts.survey:
        fewest = (results or {}).get("minimum_group") or facts.survey.minimum_group
        facts = replace(facts, survey=replace(facts.survey, fewest=fewest))
    # The chapter of an earlier run tells of that run.
    return replace(facts, run=_record(results, made_at)) if results else facts


def _record(results: Mapping[str, Any], made_at: datetime) -> RunRecord:
    return run_record(
        computed_at=made_at,
        respondents=results["respondents"],
        simulated=results["simulated"],
        method=results["method"],
        tiers=results["tiers"],
        moved=len(moved_by_decision(results)),
    )

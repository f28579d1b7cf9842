"""What was done in the scoping phase, counted: for the pages of the process and for the method statement.

Everything here is a plain fact of the record, read in a fixed number of queries however long the lists are.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, Min, Q, QuerySet, Value
from django.db.models.functions import Left, StrIndex
from django.utils import timezone

from scoping.continuity import Relation
from scoping.libraries.catalogue import LibraryNotFound, find_library
from scoping.models import (
    Assessment,
    Channel,
    Concern,
    Mark,
    Mention,
    ProcessStage,
    PublishedResult,
    Score,
    ShortListDecision,
    Side,
    SourceKind,
    StakeholderModel,
    Standing,
    WeightBasis,
)
from scoping.selectors.continuity import counts_of_changes
from scoping.selectors.screening import applied_decision, current_decision, since_decision

# As many names as a sentence can bear; the pages of the long list have all of them.
MOST_EXPERTS = 6
ATTRIBUTES = {
    StakeholderModel.POWER_INTEREST: ("power", "interest"),
    StakeholderModel.SALIENCE: ("power", "legitimacy", "urgency"),
}


@dataclass(frozen=True)
class GroupRecord:
    """A group, and how much the register knows of it. `is_scored`: on every attribute of the model in use."""

    name: str
    side: str
    channels: int = 0
    concerns: int = 0
    answered_concerns: int = 0
    is_scored: bool = False
    weight_basis: str = WeightBasis.ENTERED


@dataclass(frozen=True)
class NoteRecord:
    """A step of the process that was noted; with a source it is what a report says."""

    stage: str
    text: str
    done_by: str = ""
    done_on: str = ""
    source: str = ""
    reading: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class DecisionRecord:
    """The short list as it was decided."""

    version: int
    decided_on: date
    decided_by: str
    listed: int
    of: int
    against: int
    criteria: tuple[str, ...]
    must_haves: tuple[str, ...]
    markers: int
    threshold: str
    by_must_haves: bool
    remark: str = ""


@dataclass(frozen=True)
class ScopeRecord:
    """Who was registered, where the issues come from, how the list was chosen, and what was noted."""

    groups: tuple[GroupRecord, ...] = ()
    attributes: tuple[str, ...] = ATTRIBUTES[StakeholderModel.POWER_INTEREST]
    contacts: int = 0
    standings: Mapping[str, int] = field(default_factory=dict)
    categories: int = 0
    without_source: int = 0
    mentions: Mapping[str, int] = field(default_factory=dict)
    experts: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    markers: int = 0
    decision: DecisionRecord | None = None  # the one that this assessment's survey asks by
    next_version: int | None = None  # of a decision that was taken for the next survey
    since_decision: int = 0
    published: tuple[tuple[str, int], ...] = ()
    notes: tuple[NoteRecord, ...] = ()
    previous_name: str = ""
    previous_period: str = ""
    changes: Mapping[Relation, int] | None = None

    @property
    def listed(self) -> int:
        return self.standings.get(Standing.LISTED, 0)

    @property
    def found(self) -> int:
        """All issues that were ever on the long list, with those that were merged or screened out."""
        return sum(self.standings.values()) - self.standings.get(Standing.NEXT, 0)

    def on(self, side: Side) -> tuple[GroupRecord, ...]:
        return tuple(group for group in self.groups if group.side == side)

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody noted that the result was confirmed. Of a report that takes a note that says by whom."""
        return any(note.done_by or not note.source for note in self.notes_on(ProcessStage.CONFIRMATION))

    def notes_on(self, stage: str) -> tuple[NoteRecord, ...]:
        return tuple(note for note in self.notes if note.stage == stage)


def record_of(assessment: Assessment) -> ScopeRecord:
    """What was done so far, in a fixed number of queries."""
    issues = list(assessment.issues.values_list("pk", "standing", "category", "merged_into", "name"))
    found = Mention.objects.filter(issue__assessment=assessment).order_by()
    by_issue = list(found.values_list("issue_id", "kind").annotate(count=Count("pk")))
    mentions: Counter[str] = Counter()
    for _, kind, count in by_issue:
        mentions[kind] += count
    newest = current_decision(assessment)
    decision = newest if newest is None or newest.applies else applied_decision(assessment)
    previous = assessment.previous
    return ScopeRecord(
        groups=_groups(assessment),
        attributes=ATTRIBUTES[StakeholderModel(assessment.stakeholder_model)],
        contacts=assessment.contacts.count(),
        standings=Counter(standing for _, standing, _, _, _ in issues),
        categories=len(
            {category for _, standing, category, _, _ in issues if category and standing == Standing.LISTED}
        ),
        without_source=_without_source(issues, {issue for issue, _, _ in by_issue}),
        mentions=mentions,
        experts=_experts(found) if mentions[SourceKind.EXPERT] else (),
        libraries=_libraries(found) if mentions else (),
        criteria=tuple(assessment.criteria.values_list("name", flat=True)),
        markers=Mark.objects.filter(criterion__assessment=assessment).aggregate(count=Count("member", distinct=True))[
            "count"
        ],
        decision=_decision(decision),
        next_version=newest.version if newest and not newest.applies else None,
        since_decision=_since(newest, issues),
        published=_published(assessment),
        notes=notes_of(assessment),
        previous_name=previous.name if previous else "",
        previous_period=previous.reporting_period if previous else "",
        changes=counts_of_changes(assessment),
    )


@dataclass(frozen=True)
class Category:
    """A category of the list, with how many issues it has and how many of their sheets say nothing of their meaning."""

    name: str
    issues: int
    without_meaning: int

    @property
    def with_meaning(self) -> int:
        return self.issues - self.without_meaning


def categories_of(assessment: Assessment) -> list[Category]:
    """The categories of the list in the order of their first issue; issues without one last, under no name."""
    rows = (
        assessment.issues.asked()
        .order_by()
        .values_list("category")
        .annotate(issues=Count("pk"), bare=Count("pk", filter=Q(meaning="")), first=Min("position"))
    )
    found = [(not name, first, Category(name, issues, bare)) for name, issues, bare, first in rows]
    return [category for _, _, category in sorted(found, key=lambda row: row[:2])]


@dataclass(frozen=True)
class Hints:
    """What the working group could do beside what it must: screen what is new, score the groups."""

    is_decided: bool
    since_decision: int
    is_published: bool
    unscored: int


def hints_of(assessment: Assessment) -> Hints:
    decision = current_decision(assessment)
    attributes = ATTRIBUTES[StakeholderModel(assessment.stakeholder_model)]
    scores = _per_group(Score.objects.filter(group__assessment=assessment, attribute__in=attributes))
    groups = assessment.groups.values_list("pk", flat=True)
    return Hints(
        is_decided=decision is not None,
        since_decision=len(since_decision(assessment, decision)) if decision else 0,
        is_published=PublishedResult.objects.filter(issue__assessment=assessment).exists(),
        unscored=sum(scores.get(group, 0) < len(attributes) for group in groups),
    )


def notes_of(assessment: Assessment) -> tuple[NoteRecord, ...]:
    rows = assessment.process_notes.values_list("stage", "text", "done_by", "done_on", "source", "reading", "pk")
    return tuple(NoteRecord(*row) for row in rows)


def _groups(assessment: Assessment) -> tuple[GroupRecord, ...]:
    attributes = ATTRIBUTES[StakeholderModel(assessment.stakeholder_model)]
    # Counted one by one: joined in one statement they would multiply each other.
    channels = _per_group(Channel.objects.filter(group__assessment=assessment))
    scores = _per_group(Score.objects.filter(group__assessment=assessment, attribute__in=attributes))
    concerns = {
        group: (count, answered)
        for group, count, answered in Concern.objects.filter(group__assessment=assessment)
        .order_by()
        .values_list("group_id")
        .annotate(count=Count("pk"), answered=Count("pk", filter=~Q(response="")))
    }
    return tuple(
        GroupRecord(
            name, side, channels.get(pk, 0), *concerns.get(pk, (0, 0)), scores.get(pk, 0) == len(attributes), basis
        )
        for pk, name, side, basis in assessment.groups.values_list("pk", "name", "side", "weight_basis")
    )


def _per_group(rows: "QuerySet[Channel] | QuerySet[Score]") -> dict[int, int]:
    return dict(rows.order_by().values_list("group_id").annotate(count=Count("pk")))


def _without_source(issues: list[tuple[int, str, str, int | None, str]], mentioned: set[int]) -> int:
    """Listed issues of which nobody wrote down where they come from. What was merged into one speaks for it."""
    into = {pk: merged_into for pk, _, _, merged_into, _ in issues}
    known = set(mentioned)
    for start in mentioned:
        pk: int | None = start
        for _ in range(len(issues)):
            pk = into.get(pk) if pk is not None else None
            if pk is None or pk in known:
                break
            known.add(pk)
    return sum(standing == Standing.LISTED and pk not in known for pk, standing, _, _, _ in issues)


def _experts(mentions: QuerySet[Mention]) -> tuple[str, ...]:
    sources = mentions.filter(kind=SourceKind.EXPERT).order_by("source").values_list("source", flat=True).distinct()
    return tuple(sources[: MOST_EXPERTS + 1])


def _libraries(mentions: QuerySet[Mention]) -> tuple[str, ...]:
    """The names of the libraries from which issues were taken."""
    named = mentions.filter(reference__contains=":").annotate(
        library=Left(F("reference"), StrIndex(F("reference"), Value(":")) - 1)
    )
    slugs = sorted(set(named.values_list("library", flat=True).distinct()))
    return tuple(_library_name(slug) for slug in slugs)


def _library_name(slug: str) -> str:
    try:
        return find_library(slug).name
    except LibraryNotFound:
        return slug


def _decision(decision: ShortListDecision | None) -> DecisionRecord | None:
    if decision is None:
        return None
    entries, rule = decision.entries, decision.rule
    criteria = rule.get("criteria", [])
    return DecisionRecord(
        version=decision.version,
        decided_on=_day(decision.decided_at),
        decided_by=str(decision.decided_by or ""),
        listed=sum(bool(entry["listed"]) for entry in entries),
        of=len(entries),
        against=sum(entry["proposed"] is not None and entry["proposed"] != entry["listed"] for entry in entries),
        criteria=tuple(criterion["name"] for criterion in criteria),
        must_haves=tuple(criterion["name"] for criterion in criteria if criterion.get("must_have")),
        markers=len(rule.get("markers", [])),
        threshold=str(rule.get("threshold", "")),
        by_must_haves=rule.get("rule") == "must-have",
        remark=decision.note,
    )


def _since(decision: ShortListDecision | None, issues: list[tuple[int, str, str, int | None, str]]) -> int:
    if decision is None:
        return 0
    known = {entry["issue"] for entry in decision.entries}
    return sum(pk not in known and standing != Standing.MERGED for pk, standing, _, _, _ in issues)


def _published(assessment: Assessment) -> tuple[tuple[str, int], ...]:
    results = PublishedResult.objects.filter(issue__assessment=assessment).order_by("tier__position")
    return tuple(results.values_list("tier__name").annotate(count=Count("pk")))


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()

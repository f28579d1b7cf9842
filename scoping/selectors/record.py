"""What was done in the scoping phase, counted: for the pages of the process and for the method statement.

Everything here is a plain fact of the record, read in a fixed number of queries however long the lists are.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.selectors import newest_line
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
    ShortListRule,
    Side,
    SourceKind,
    StakeholderModel,
    Standing,
    WeightBasis,
)
from scoping.selectors.continuity import carried_over, counts_of_changes
from scoping.selectors.screening import applied_decision, current_decision

Row = TypeVar("Row", Channel, Concern, Score)
# Of an issue: key, name, standing, what it was merged into, category.
ListRow = tuple[int, str, str, int | None, str]
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
    carried_over: int = 0  # listed ones that continue an issue of the period before: a source too
    mentions: Mapping[str, int] = field(default_factory=dict)
    experts: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    markers: int = 0
    decision: DecisionRecord | None = None  # the one that this assessment's survey asks by
    next_version: int | None = None  # of a decision that was taken for the next assessment
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
    """
    What was done so far.

    Every change leaves a line in the audit trail. So what was read once holds in this process until there is a newer
    line about this assessment or the one before it, and then it is read again.
    """
    about = Assessment.objects.filter(pk__in=[assessment.pk, assessment.previous_id]).values("slug")
    newest = newest_line(assessment.organisation, about)
    if newest is None:
        return read_record(assessment)
    return _kept(assessment, assessment.previous_id, assessment.stakeholder_model, newest)


@lru_cache(maxsize=128)
def _kept(assessment: Assessment, _before: UUID | None, _model: str, _newest: tuple[int, datetime]) -> ScopeRecord:
    return read_record(assessment)


def read_record(assessment: Assessment) -> ScopeRecord:
    """In a fixed number of queries, however long the lists are."""
    # Plain rows, added up here: for a few hundred of them that is less work than to have it done.
    issues = list(assessment.issues.order_by().values_list("pk", "name", "standing", "merged_into", "category"))
    mentions = list(
        Mention.objects.filter(issue__assessment=assessment).order_by().values_list("issue_id", "kind", "reference")
    )
    by_kind = Counter(kind for _, kind, _ in mentions)
    newest = current_decision(assessment)
    decision = newest if newest is None or newest.applies else applied_decision(assessment)
    previous, continuing = assessment.previous, carried_over(assessment)
    return ScopeRecord(
        groups=_groups(assessment),
        attributes=ATTRIBUTES[StakeholderModel(assessment.stakeholder_model)],
        contacts=assessment.contacts.count(),
        standings=Counter(standing for _, _, standing, _, _ in issues),
        categories=len(
            {category for _, _, standing, _, category in issues if category and standing == Standing.LISTED}
        ),
        without_source=_without_source(issues, {issue for issue, _, _ in mentions} | continuing),
        carried_over=sum(standing == Standing.LISTED and pk in continuing for pk, _, standing, _, _ in issues),
        mentions=by_kind,
        experts=_experts(assessment) if by_kind[SourceKind.EXPERT] else (),
        libraries=_libraries({reference for _, _, reference in mentions}),
        criteria=tuple(assessment.criteria.values_list("name", flat=True)),
        markers=_markers(assessment),
        decision=_decision(decision) if decision else None,
        next_version=newest.version if newest and not newest.applies else None,
        since_decision=_since(newest, issues) if newest else 0,
        published=_published(assessment),
        notes=notes_of(assessment),
        previous_name=previous.name if previous else "",
        previous_period=previous.reporting_period if previous else "",
        changes=counts_of_changes(assessment),
    )


def notes_of(assessment: Assessment) -> tuple[NoteRecord, ...]:
    rows = assessment.process_notes.values_list("stage", "text", "done_by", "done_on", "source", "reading", "pk")
    return tuple(NoteRecord(*row) for row in rows)


def _without_source(issues: Sequence[ListRow], mentioned: set[int]) -> int:
    """Listed issues of which nobody wrote down where they come from. What was merged into one speaks for it."""
    into = {pk: merged_into for pk, _, _, merged_into, _ in issues if merged_into is not None}
    known = set(mentioned)
    for start in into.keys() & mentioned:
        pk = start
        while pk in into and into[pk] not in known:
            pk = into[pk]
            known.add(pk)
    return sum(standing == Standing.LISTED and pk not in known for pk, _, standing, _, _ in issues)


def _since(decision: ShortListDecision, issues: Sequence[ListRow]) -> int:
    """How many issues have come since, which nobody screened."""
    known = {entry["issue"] for entry in decision.entries}
    return sum(standing != Standing.MERGED and pk not in known for pk, _, standing, _, _ in issues)


def _libraries(references: Collection[str]) -> tuple[str, ...]:
    """The names of the libraries that mentions refer to; what stands before the colon of a reference is one."""
    slugs = {reference.partition(":")[0] for reference in references if ":" in reference}
    return tuple(_library_name(slug) for slug in sorted(slugs))


def _library_name(slug: str) -> str:
    try:
        return find_library(slug).name
    except LibraryNotFound:
        return slug


def _experts(assessment: Assessment) -> tuple[str, ...]:
    named = Mention.objects.filter(issue__assessment=assessment, kind=SourceKind.EXPERT)
    return tuple(named.order_by("source").values_list("source", flat=True).distinct()[: MOST_EXPERTS + 1])


def _markers(assessment: Assessment) -> int:
    marks = Mark.objects.filter(criterion__assessment=assessment)
    found: int = marks.aggregate(count=Count("member", distinct=True))["count"]
    return found


def _groups(assessment: Assessment) -> tuple[GroupRecord, ...]:
    attributes = ATTRIBUTES[StakeholderModel(assessment.stakeholder_model)]
    channels = Counter(_of_groups(Channel, assessment).values_list("group_id", flat=True))
    scores = Counter(_of_groups(Score, assessment).filter(attribute__in=attributes).values_list("group_id", flat=True))
    asked = list(_of_groups(Concern, assessment).values_list("group_id", "response"))
    concerns = Counter(group for group, _ in asked)
    answered = Counter(group for group, response in asked if response)
    return tuple(
        GroupRecord(name, side, channels[pk], concerns[pk], answered[pk], scores[pk] == len(attributes), basis)
        for pk, name, side, basis in assessment.groups.values_list("pk", "name", "side", "weight_basis")
    )


def _of_groups(rows: type[Row], assessment: Assessment) -> QuerySet[Row]:
    return rows._default_manager.filter(group__assessment=assessment).order_by()


def _decision(decision: ShortListDecision) -> DecisionRecord:
    entries, rule = decision.entries, decision.rule
    criteria = rule.get("criteria", [])
    return DecisionRecord(
        version=decision.version,
        decided_on=timezone.localtime(decision.decided_at).date(),
        decided_by=str(decision.decided_by or ""),
        listed=sum(bool(entry["listed"]) for entry in entries),
        of=len(entries),
        against=sum(entry["proposed"] is not None and entry["proposed"] != entry["listed"] for entry in entries),
        criteria=tuple(criterion["name"] for criterion in criteria),
        must_haves=tuple(criterion["name"] for criterion in criteria if criterion.get("must_have")),
        markers=len(rule.get("markers", [])),
        threshold=str(rule.get("threshold", "")),
        by_must_haves=rule.get("rule") == ShortListRule.MUST_HAVE,
        remark=decision.note,
    )


def _published(assessment: Assessment) -> tuple[tuple[str, int], ...]:
    results = PublishedResult.objects.filter(issue__assessment=assessment).order_by("tier__position")
    return tuple(Counter(results.values_list("tier__name", flat=True)).items())

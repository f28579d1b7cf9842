"""What was done in the scoping phase, counted: for the pages of the process and for the method statement.

Everything here is a plain fact of the record, read in a fixed number of queries however long the lists are.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Left, StrIndex
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
    ShortListRule,
    Side,
    SourceKind,
    StakeholderModel,
    Standing,
    WeightBasis,
)
from scoping.selectors.continuity import counts_of_changes
from scoping.selectors.decided import count_since, decided_of, newest_decision

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


def record_of(assessment: Assessment, *, with_contacts: bool = True, with_changes: bool = True) -> ScopeRecord:
    """
    What was done so far, in a fixed number of queries. Contacts and changes since the assessment before are left out
    where they are not asked for: the first are many, and the second take both lists.
    """
    lists = _lists(assessment)
    by_kind = _mentions(assessment)
    mentions: Counter[str] = Counter()
    for kind, _, count in by_kind:
        mentions[kind] += count
    newest = newest_decision(assessment)
    decision = newest if newest is None or newest.applies else newest_decision(assessment, applied=True)
    record = _decision(decision) if decision else None
    previous = assessment.previous
    return ScopeRecord(
        groups=_groups(assessment),
        attributes=ATTRIBUTES[StakeholderModel(assessment.stakeholder_model)],
        contacts=assessment.contacts.count() if with_contacts else 0,
        standings={standing: count for standing, count, _, _ in lists},
        categories=sum(categories for standing, _, categories, _ in lists if standing == Standing.LISTED),
        without_source=_without_source(assessment, lists),
        mentions=mentions,
        experts=_experts(assessment) if mentions[SourceKind.EXPERT] else (),
        libraries=tuple(_library_name(slug) for slug in sorted({slug for _, slug, _ in by_kind if slug})),
        # A decision has its criteria and markers in its record; only without one are they looked up.
        criteria=() if record else tuple(assessment.criteria.values_list("name", flat=True)),
        markers=0 if record else _markers(assessment),
        decision=record,
        next_version=newest.version if newest and not newest.applies else None,
        since_decision=count_since(assessment, newest) if newest else 0,
        published=_published(assessment),
        notes=notes_of(assessment),
        previous_name=previous.name if previous else "",
        previous_period=previous.reporting_period if previous else "",
        changes=counts_of_changes(assessment) if with_changes else None,
    )


def notes_of(assessment: Assessment) -> tuple[NoteRecord, ...]:
    rows = assessment.process_notes.values_list("stage", "text", "done_by", "done_on", "source", "reading", "pk")
    return tuple(NoteRecord(*row) for row in rows)


def _lists(assessment: Assessment) -> list[tuple[str, int, int, int]]:
    """For each standing: how many issues, in how many categories, and how many without a mention of their own."""
    unheard = ~Exists(Mention.objects.filter(issue=OuterRef("pk")))
    rows = assessment.issues.order_by().values_list("standing")
    return list(
        rows.annotate(
            count=Count("pk"),
            categories=Count("category", distinct=True, filter=~Q(category="")),
            unheard=Count("pk", filter=unheard),
        )
    )


def _without_source(assessment: Assessment, lists: list[tuple[str, int, int, int]]) -> int:
    """Listed issues of which nobody wrote down where they come from. What was merged into one speaks for it."""
    unheard = sum(unheard for standing, _, _, unheard in lists if standing == Standing.LISTED)
    if not unheard or not any(standing == Standing.MERGED for standing, _, _, _ in lists):
        return unheard
    issues = list(assessment.issues.order_by().values_list("pk", "standing", "merged_into"))
    into = {pk: merged_into for pk, _, merged_into in issues}
    known = set(Mention.objects.filter(issue__assessment=assessment).order_by().values_list("issue", flat=True))
    for start in list(known):
        pk: int | None = into[start]
        while pk is not None and pk not in known:
            known.add(pk)
            pk = into[pk]
    return sum(standing == Standing.LISTED and pk not in known for pk, standing, _ in issues)


def _mentions(assessment: Assessment) -> list[tuple[str, str, int]]:
    """Mentions by kind of source and by the library that they refer to: (kind, library or "", how many)."""
    # Before the colon; the second half of a reference is the entry.
    colon = StrIndex(F("reference"), Value(":"))
    library = Case(When(reference__contains=":", then=Left(F("reference"), colon - 1)), default=Value(""))
    found = Mention.objects.filter(issue__assessment=assessment).order_by().annotate(library=library)
    return list(found.values_list("kind", "library").annotate(count=Count("pk")))


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
    rows = assessment.groups.values_list(
        "name",
        "side",
        _count_of(Channel.objects.all()),
        _count_of(Concern.objects.all()),
        _count_of(Concern.objects.exclude(response="")),
        _count_of(Score.objects.filter(attribute__in=attributes)),
        "weight_basis",
    )
    return tuple(
        GroupRecord(name, side, channels, concerns, answered, scores == len(attributes), basis)
        for name, side, channels, concerns, answered, scores, basis in rows
    )


def _count_of(rows: "QuerySet[Channel] | QuerySet[Concern] | QuerySet[Score]") -> Coalesce:
    # A subquery for each, since joining two lists would multiply them.
    of_group = rows.filter(group=OuterRef("pk")).order_by().values("group")
    return Coalesce(Subquery(of_group.annotate(count=Count("pk")).values("count")), 0)


def _decision(decision: ShortListDecision) -> DecisionRecord:
    decided, rule = decided_of(decision), decision.rule
    criteria = rule.get("criteria", [])
    return DecisionRecord(
        version=decision.version,
        decided_on=timezone.localtime(decision.decided_at).date(),
        decided_by=str(decision.decided_by or ""),
        listed=len(decided.listed),
        of=len(decided.known),
        against=decided.against,
        criteria=tuple(criterion["name"] for criterion in criteria),
        must_haves=tuple(criterion["name"] for criterion in criteria if criterion.get("must_have")),
        markers=len(rule.get("markers", [])),
        threshold=str(rule.get("threshold", "")),
        by_must_haves=rule.get("rule") == ShortListRule.MUST_HAVE,
        remark=decision.note,
    )


def _published(assessment: Assessment) -> tuple[tuple[str, int], ...]:
    results = PublishedResult.objects.filter(issue__assessment=assessment).order_by("tier__position")
    return tuple(results.values_list("tier__name").annotate(count=Count("pk")))

"""The list of this period beside that of the period before: relations, suggestions, and what a page needs of both."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scoping.continuity import Continuity, Relation, continuity_of, summary_of
from scoping.models import Assessment, Predecessor, Standing
from scoping.similarity import ALIKE, likeness
from scoping.wording import enumerated
from tables.names import key


class ListedIssue(NamedTuple):
    """An issue of either list, with the tier that was published for it: its name, and its place from 1."""

    pk: int
    code: str
    name: str
    standing: str
    merged_into: int | None
    category: str
    tier: str
    tier_number: int
    rank: int | None


@dataclass(frozen=True)
class Change:
    """One line of the table of changes: an issue, what it continues, and what else there is to say."""

    issue: ListedIssue
    relation: Relation
    previous: tuple[ListedIssue, ...]
    note: str


@dataclass(frozen=True)
class Dropped:
    """An issue of the list before that is on this list no more."""

    previous: ListedIssue
    note: str


@dataclass(frozen=True)
class Changes:
    """Everything that changed from the list before; `counts` has each relation that occurs."""

    rows: tuple[Change, ...]
    dropped: tuple[Dropped, ...]
    counts: Mapping[Relation, int]
    summary: str


def assessments_before(assessment: Assessment) -> QuerySet[Assessment]:
    """What `assessment` could continue: the other assessments of its organisation."""
    return Assessment.objects.filter(organisation=assessment.organisation_id).exclude(pk=assessment.pk)


def carried_over(assessment: Assessment) -> set[int]:
    """The issues (their keys) that continue one of the list before; what was merged into one speaks for it."""
    if assessment.previous_id is None:
        return set()
    links = Predecessor.objects.filter(issue__assessment=assessment).values_list("issue", "issue__merged_into")
    return {pk for link in links for pk in link if pk is not None}


def changes_of(assessment: Assessment) -> Changes | None:
    """The changes from the list before; None where no assessment before is named."""
    if assessment.previous is None:
        return None
    now, before = _issues_by_key(assessment), _issues_by_key(assessment.previous)
    pairs = _pairs(assessment)
    continuity = _continuity(now, before, pairs)
    period = assessment.previous.reporting_period
    sharers: dict[int, list[int]] = defaultdict(list)
    for continued in continuity.issues:
        for pk in continued.previous:
            sharers[pk].append(continued.issue)
    origins: dict[int, set[str]] = defaultdict(set)
    heirs: dict[int, set[str]] = defaultdict(set)
    for issue, previous in pairs:
        origins[_merged(issue, now)].add(before[previous].standing)
        heirs[_merged(previous, before)].add(now[_merged(issue, now)].standing)
    rows = []
    for continued in continuity.issues:
        note = ""
        if continued.relation in (Relation.SPLIT, Relation.MERGED_AND_SPLIT):
            others = dict.fromkeys(other for pk in continued.previous for other in sharers[pk])
            names = [now[other].name for other in others if other != continued.issue]
            note = _("Also continued by %(names)s.") % {"names": enumerated(names, most=3)}
        elif continued.relation == Relation.NEW:
            note = _where_it_was(origins[continued.issue], period)
        previous_ones = tuple(before[pk] for pk in continued.previous)
        rows.append(Change(now[continued.issue], continued.relation, previous_ones, note))
    dropped = tuple(Dropped(before[pk], _where_it_is(heirs[pk])) for pk in continuity.dropped)
    counts = {relation: number for relation, number in continuity.counts().items() if number}
    return Changes(tuple(rows), dropped, counts, summary_of(counts, period))


def _where_it_was(standings: Collection[str], period: str) -> str:
    """What is known of an issue that is new to the list, and yet not new to the company."""
    if Standing.NEXT in standings:
        return _("Came up in %(period)s after the list was closed.") % {"period": period}
    return _("Was screened out in %(period)s.") % {"period": period} if Standing.LEFT_OUT in standings else ""


def _where_it_is(standings: Collection[str]) -> str:
    """What became of an issue that is on the list no more."""
    if Standing.LEFT_OUT in standings:
        return _("Screened out this time.")
    return _("Noted for the next assessment.") if standings else ""


def counts_of_changes(assessment: Assessment) -> Mapping[Relation, int] | None:
    """How many issues stand in each relation to the list before; None where no assessment before is named."""
    if assessment.previous is None:
        return None
    now, before = _issues_by_key(assessment), _issues_by_key(assessment.previous)
    counts = _continuity(now, before, _pairs(assessment)).counts()
    return {relation: number for relation, number in counts.items() if number}


def _issues_by_key(assessment: Assessment) -> dict[int, ListedIssue]:
    rows = assessment.issues.values_list(
        "pk", "code", "name", "standing", "merged_into", "category",
        "published__tier__name", "published__tier__position", "published__rank",
    )  # fmt: skip
    return {
        pk: ListedIssue(
            pk, code, name, standing, merged_into, category, tier or "", 0 if place is None else place + 1, rank
        )
        for pk, code, name, standing, merged_into, category, tier, place, rank in rows
    }


def _pairs(assessment: Assessment) -> list[tuple[int, int]]:
    of_these = Predecessor.objects.filter(issue__assessment=assessment, previous__assessment=assessment.previous_id)
    return list(of_these.order_by("pk").values_list("issue_id", "previous_id"))


def _continuity(
    now: Mapping[int, ListedIssue], before: Mapping[int, ListedIssue], pairs: Iterable[tuple[int, int]]
) -> Continuity[int]:
    """Of the two short lists. What was merged inside a year counts as what it was merged into."""
    return continuity_of(
        {pk: issue.name for pk, issue in now.items() if issue.standing == Standing.LISTED},
        {pk: issue.name for pk, issue in before.items() if issue.standing == Standing.LISTED},
        [(_merged(issue, now), _merged(previous, before)) for issue, previous in pairs],
    )


def _merged(pk: int, issues: Mapping[int, ListedIssue]) -> int:
    """What the issue was merged into in the end; itself where it was not."""
    for _step in issues:
        into = issues[pk].merged_into
        if into is None:
            break
        pk = into
    return pk


# --- linking ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Link:
    """An issue, and the issues before that it continues: as stored, or as suggested where nothing is."""

    issue: ListedIssue
    previous: tuple[ListedIssue, ...]
    is_suggestion: bool = False

    @property
    def is_guess(self) -> bool:
        """A suggestion under another name, which somebody should look at."""
        return self.is_suggestion and key(self.previous[0].name) != key(self.issue.name)


@dataclass(frozen=True)
class Linking:
    """Both lists without what was merged into others, and the links between them."""

    links: tuple[Link, ...]
    before: tuple[ListedIssue, ...]
    stored: int


def linking_of(assessment: Assessment, *, suggest: bool | None = None) -> Linking:
    """
    The links of `assessment` to the assessment before, which must be named.

    `suggest`: whether issues without a link get the most similar one that is still free; by default while none is
    stored at all.
    """
    if assessment.previous is None:
        raise ValueError(f"{assessment.slug} has no assessment before it.")
    now, before = _issues_by_key(assessment), _issues_by_key(assessment.previous)
    stored: dict[int, list[ListedIssue]] = defaultdict(list)
    claimed: set[int] = set()
    for issue, previous in _pairs(assessment):
        stored[issue].append(before[previous])
        claimed.add(previous)
    ours = [issue for issue in now.values() if issue.standing != Standing.MERGED]
    theirs = [issue for issue in before.values() if issue.standing != Standing.MERGED]
    found: dict[int, ListedIssue] = {}
    if suggest or (suggest is None and not stored):
        loose = [issue for issue in ours if issue.pk not in stored]
        found = suggestions(loose, [issue for issue in theirs if issue.pk not in claimed])
    links = [
        Link(issue, (found[issue.pk],), is_suggestion=True)
        if issue.pk in found
        else Link(issue, tuple(stored.get(issue.pk, ())))
        for issue in ours
    ]
    return Linking(tuple(links), tuple(theirs), len(stored))


def suggestions(issues: Sequence[ListedIssue], before: Sequence[ListedIssue]) -> dict[int, ListedIssue]:
    """Which of `before` each issue may continue: same name, else same code, else the most similar name. No issue is
    suggested twice."""
    found: dict[int, ListedIssue] = {}
    free = list(before)
    for trait in (lambda issue: key(issue.name), lambda issue: issue.code):
        by_trait = {trait(issue): issue for issue in free}
        for issue in issues:
            if issue.pk not in found and (match := by_trait.pop(trait(issue), None)):
                found[issue.pk] = match
        taken = {match.pk for match in found.values()}
        free = [issue for issue in free if issue.pk not in taken]
    loose = [issue for issue in issues if issue.pk not in found]
    alike = likeness([issue.name for issue in loose], [issue.name for issue in free])
    # The most similar pair first, so that a good match is not lost to a poorer one that comes before it.
    pairs = np.argwhere(alike >= ALIKE)
    taken_columns: set[int] = set()
    for row, column in pairs[np.argsort(-alike[alike >= ALIKE], kind="stable")].tolist():
        if loose[row].pk not in found and column not in taken_columns:
            found[loose[row].pk] = free[column]
            taken_columns.add(column)
    return found

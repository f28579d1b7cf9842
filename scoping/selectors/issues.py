"""The long list: every issue with its standing and where it was found, and names in it that are alike.

Five hundred issues are one page, so rows are plain values: one query for the issues, one for all their mentions.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import add
from typing import Any, NamedTuple, Protocol, TypeVar

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from scoping.models import Assessment, Issue, Mention, SourceKind, Standing
from scoping.selectors.continuity import carried_over
from scoping.similarity import ALIKE, alike_pairs, likeness, why_alike
from scoping.wording import enumerated, spelled
from tables.names import key

# As a column of a table and a filter say it; the full name is the choice's own.
SHORT_KINDS = {
    SourceKind.INTERVIEW: gettext_noop("Interviews"),
    SourceKind.SURVEY: gettext_noop("Survey"),
    SourceKind.EXPERT: gettext_noop("Experts"),
    SourceKind.MEDIA: gettext_noop("Media"),
    SourceKind.PEERS: gettext_noop("Peers"),
    SourceKind.GUIDELINE: gettext_noop("Guidelines"),
}
NO_SOURCE = "none"
NOWHERE = (0,) * len(SourceKind)


class ListedIssue(NamedTuple):
    """An issue of the long list. `found` counts its mentions by kind of source, in the order of SourceKind; those of
    issues that were merged into it count too. `continues`: one of the period before, where its sources are."""

    code: str
    name: str
    category: str
    standing: str
    owners: str
    found: tuple[int, ...]
    into_code: str | None = None
    into_name: str | None = None
    continues: bool = False

    @property
    def has_source(self) -> bool:
        return self.continues or any(self.found)


@dataclass(frozen=True)
class Filters:
    """What part of the long list is wanted; an empty field wants everything."""

    text: str = ""
    category: str = ""
    standing: str = ""
    kind: str = ""

    @property
    def any(self) -> bool:
        return bool(self.text or self.category or self.standing or self.kind)


@dataclass(frozen=True)
class LongList:
    """All issues of an assessment in their order, and what there is to say about them as a whole."""

    issues: tuple[ListedIssue, ...]
    before: str = ""  # the period that these issues are carried over from

    @cached_property
    def categories(self) -> tuple[str, ...]:
        return tuple(sorted({issue.category for issue in self.issues if issue.category}))

    @cached_property
    def standings(self) -> Counter[str]:
        return Counter(issue.standing for issue in self.issues)

    @cached_property
    def kinds(self) -> int:
        """From how many of the six kinds of source the issues come."""
        return sum(any(column) for column in zip(*(issue.found for issue in self.issues), strict=True))

    @cached_property
    def without_source(self) -> int:
        return sum(not issue.has_source and issue.standing != Standing.MERGED for issue in self.issues)

    @cached_property
    def carried_over(self) -> int:
        """How many have no mention of their own, and continue an issue of the period before."""
        merged = Standing.MERGED
        return sum(issue.continues and not any(issue.found) and issue.standing != merged for issue in self.issues)

    @property
    def summary(self) -> str:
        """The counts in one sentence."""
        number = len(self.issues)
        said = {
            Standing.LISTED: _("%(n)s on the list"),
            Standing.LEFT_OUT: _("%(n)s screened out"),
            Standing.MERGED: _("%(n)s merged into others"),
            Standing.NEXT: _("%(n)s noted for the next assessment"),
        }
        numbers = self.standings
        parts = enumerated([words % {"n": numbers[standing]} for standing, words in said.items() if numbers[standing]])
        counts = {"n": number, "kinds": spelled(self.kinds), "parts": parts}
        if not self.kinds:
            return ngettext("%(n)s issue: %(parts)s.", "%(n)s issues: %(parts)s.", number) % counts
        # Two numbers in one sentence, each with its noun.
        if self.kinds == 1:
            text = ngettext(
                "%(n)s issue from one kind of source: %(parts)s.",
                "%(n)s issues from one kind of source: %(parts)s.",
                number,
            )
        else:
            text = ngettext(
                "%(n)s issue from %(kinds)s kinds of source: %(parts)s.",
                "%(n)s issues from %(kinds)s kinds of source: %(parts)s.",
                number,
            )
        return text % counts

    def matching(self, filters: Filters) -> list[ListedIssue]:
        wanted = filters.text.casefold().split()
        place = list(SourceKind).index(SourceKind(filters.kind)) if filters.kind in set(SourceKind) else None
        return [
            issue
            for issue in self.issues
            if (not filters.category or issue.category == filters.category)
            and (not filters.standing or issue.standing == filters.standing)
            and (place is None or issue.found[place])
            and (filters.kind != NO_SOURCE or not issue.has_source)
            and (not wanted or _says(issue, wanted))
        ]


def _says(issue: ListedIssue, words: Iterable[str]) -> bool:
    text = f"{issue.name} {issue.code} {issue.category} {issue.owners}".casefold()
    return all(word in text for word in words)


def long_list_of(assessment: Assessment) -> LongList:
    rows = assessment.issues.values_list(
        "pk", "code", "name", "category", "standing", "owners",
        "merged_into__code", "merged_into__name",
    )  # fmt: skip
    found, continuing = _found(assessment), carried_over(assessment)
    return LongList(
        tuple(
            ListedIssue(code, name, category, standing, owners, found.get(pk, NOWHERE), into, called, pk in continuing)
            for pk, code, name, category, standing, owners, into, called in rows
        ),
        before=assessment.previous.reporting_period if continuing and assessment.previous else "",
    )


def _found(assessment: Assessment) -> dict[int, tuple[int, ...]]:
    """The mentions of each issue by kind; those of a merged issue count for it and for the one that stands for it."""
    of_kind = {f"of_{kind.name}": Count("pk", filter=Q(kind=kind)) for kind in SourceKind}
    counts = Mention.objects.filter(issue__assessment=assessment).order_by().values("issue").annotate(**of_kind)
    found: dict[int, tuple[int, ...]] = {}
    merged: list[tuple[int, tuple[int, ...]]] = []
    for issue, into, *numbers in counts.values_list("issue", "issue__merged_into", *of_kind):
        found[issue] = tuple(numbers)
        if into is not None:
            merged.append((into, found[issue]))
    for into, numbers_of_merged in merged:
        found[into] = tuple(map(add, found.get(into, NOWHERE), numbers_of_merged))
    return found


def categories_of(assessment: Assessment) -> list[str]:
    """Those in use."""
    found = assessment.issues.exclude(category="").order_by("category").values_list("category", flat=True)
    return list(found.distinct())


def place_of(issue: Issue) -> int:
    """Where respondents see it, from 1."""
    asked = Issue.objects.asked().filter(assessment=issue.assessment_id)
    here = Q(position__lt=issue.position) | Q(position=issue.position, pk__lt=issue.pk)
    return asked.filter(here).count() + 1


# --- near-duplicates --------------------------------------------------------------------------------------
class Named(NamedTuple):
    """An unmerged issue, as far as its name is compared."""

    id: int
    code: str
    name: str
    category: str
    standing: str


class Near(NamedTuple):
    """Two issues whose names are alike. `cluster` numbers what hangs together, and `names` counts what is in it."""

    one: Named
    other: Named
    share: float
    cluster: int
    names: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An issue that may be the same as another: what one needs to know to decide, and which way it can be merged."""

    issue: Named
    mentions: int
    obstacle: str  # why it cannot be merged into the other one


@dataclass(frozen=True, slots=True)
class Pair:
    one: Candidate
    other: Candidate
    share: float
    cluster: int
    names: int

    @property
    def percent(self) -> str:
        """Two names that are not the same are never shown as wholly alike."""
        one, other = self.one.issue.name, self.other.issue.name
        most = 100 if key(one) == key(other) else 99
        return f"{min(round(self.share * 100), most)}\N{NARROW NO-BREAK SPACE}%"

    @property
    def why(self) -> str:
        return why_alike(self.one.issue.name, self.other.issue.name, self.share)


@dataclass(frozen=True)
class Duplicates:
    """Pairs cluster by cluster, the most alike first, and the pairs that somebody has said to be different."""

    pairs: tuple[Near, ...]
    apart: tuple[tuple[Named, Named], ...]


def named_issues(assessment: Assessment) -> list[Named]:
    """All unmerged issues, in their order."""
    rows = assessment.issues.exclude(standing=Standing.MERGED)
    return [Named(*row) for row in rows.values_list("pk", "code", "name", "category", "standing")]


def duplicates_of(assessment: Assessment) -> Duplicates:
    """The pairs of unmerged issues whose names are alike, without those that were kept apart. Two queries."""
    issues = named_issues(assessment)
    apart = _apart(assessment)
    pairs = alike_pairs(tuple(issue.name for issue in issues))
    if apart:
        pairs = tuple(pair for pair in pairs if (issues[pair[0]].id, issues[pair[1]].id) not in apart)
    known = {issue.id: issue for issue in issues}
    kept = ((known[one], known[other]) for one, other in sorted(apart) if one < other and {one, other} <= known.keys())
    near = []
    for number, cluster in enumerate(_connected(pairs)):
        names = len({place for one, other, _ in cluster for place in (one, other)})
        near += [Near(issues[one], issues[other], share, number, names) for one, other, share in cluster]
    return Duplicates(tuple(near), tuple(kept))


def in_full(assessment: Assessment, pairs: Sequence[Near], *, frozen: bool) -> list[Pair]:
    """
    What one needs to decide about `pairs`, such as those of one page. Two queries.

    `frozen`: the survey has opened, so what it asks about cannot be merged into others.
    """
    holders = set(assessment.issues.exclude(merged_into=None).values_list("merged_into", flat=True))
    found = _found(assessment)

    def candidate(issue: Named, other: Named) -> Candidate:
        obstacle = _obstacle(issue.standing, other.standing, holds=issue.id in holders, frozen=frozen)
        return Candidate(issue, sum(found.get(issue.id, NOWHERE)), obstacle)

    return [
        Pair(candidate(near.one, near.other), candidate(near.other, near.one), near.share, near.cluster, near.names)
        for near in pairs
    ]


class Merged(NamedTuple):
    """A merged issue and the one that stands for both."""

    code: str
    name: str
    into_code: str
    into_name: str


def merged_of(assessment: Assessment) -> list[Merged]:
    """The merges, the latest first."""
    rows = assessment.issues.filter(standing=Standing.MERGED).order_by("-merged_at", "position", "pk")
    return [Merged(*row) for row in rows.values_list("code", "name", "merged_into__code", "merged_into__name")]


def _obstacle(standing: str, other: str, *, holds: bool, frozen: bool) -> str:
    """Why an issue cannot be merged into another one, as services.merging refuses it; empty where it can."""
    if holds:
        return _("others are merged into it")
    if standing == Standing.LISTED and frozen:
        return _("the survey asks about it")
    if standing == Standing.LISTED and other != Standing.LISTED:
        return _("it would leave the list")
    return ""


def _apart(assessment: Assessment) -> set[tuple[int, int]]:
    """Both directions of each pair that somebody has said to be different."""
    through = Issue.distinct_from.through.objects.filter(from_issue__assessment=assessment)
    return set(through.values_list("from_issue", "to_issue"))


def pairs_apart(assessment: Assessment) -> QuerySet[Any]:
    """Each pair of unmerged issues that somebody has said to be different, once: `from_issue` and `to_issue`."""
    through = Issue.distinct_from.through.objects.filter(from_issue__assessment=assessment)
    unmerged = through.exclude(from_issue__standing=Standing.MERGED).exclude(to_issue__standing=Standing.MERGED)
    return unmerged.filter(from_issue__lt=F("to_issue")).select_related("from_issue", "to_issue")


def _connected(pairs: Sequence[tuple[int, int, float]]) -> list[list[tuple[int, int, float]]]:
    """The pairs by cluster: what hangs together, in the order of each cluster's first pair."""
    root: dict[int, int] = {}

    def find(place: int) -> int:
        while root.setdefault(place, place) != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    for one, other, _share in pairs:
        root[find(other)] = find(one)
    clusters: dict[int, list[tuple[int, int, float]]] = {}
    for pair in pairs:
        clusters.setdefault(find(pair[0]), []).append(pair)
    return list(clusters.values())


class HasName(Protocol):
    @property
    def name(self) -> str: ...


HasNameT = TypeVar("HasNameT", bound=HasName)


def alike_to(name: str, issues: Sequence[HasNameT]) -> list[HasNameT]:
    """Those of the issues whose name is alike, the most alike first."""
    if not issues:
        return []
    shares = likeness([name], [issue.name for issue in issues])[0]
    order = sorted(range(len(issues)), key=lambda place: -shares[place])
    return [issues[place] for place in order if shares[place] >= ALIKE]


def count_of_alike(assessment: Assessment, added: Collection[int]) -> int:
    """How many of the added issues (their ids) have a name like that of another unmerged issue."""
    issues = named_issues(assessment)
    pairs = alike_pairs(tuple(issue.name for issue in issues))
    return sum(issues[place].id in added for place in {place for one, other, _ in pairs for place in (one, other)})

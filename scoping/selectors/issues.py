"""The long list: every issue with its standing and where it was found, and names in it that are alike.

Five hundred issues are one page, so rows are plain values: one query for the issues, one for all their mentions.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count

from scoping.models import Assessment, Issue, Mention, SourceKind, Standing
from scoping.similarity import ALIKE, alike_pairs, likeness
from scoping.wording import counted, listed

# As a column of a table and a filter say it; the full name is the choice's own.
SHORT_KINDS = {
    SourceKind.INTERVIEW: "Interviews",
    SourceKind.SURVEY: "Survey",
    SourceKind.EXPERT: "Experts",
    SourceKind.MEDIA: "Media",
    SourceKind.PEERS: "Peers",
    SourceKind.GUIDELINE: "Guidelines",
}
NO_SOURCE = "none"


@dataclass(frozen=True, slots=True)
class ListedIssue:
    """An issue of the long list. `found` counts its mentions by kind of source, in the order of SourceKind; those of
    issues that were merged into it count too."""

    code: str
    name: str
    category: str
    standing: str
    owners: str
    found: tuple[int, ...]
    into_code: str = ""
    into_name: str = ""

    @property
    def mentions(self) -> int:
        return sum(self.found)


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
        return sum(not issue.mentions and issue.standing != Standing.MERGED for issue in self.issues)

    @property
    def summary(self) -> str:
        """The counts in one sentence."""
        count = f"{len(self.issues)} issue{'' if len(self.issues) == 1 else 's'}"
        kinds = f" from {counted(self.kinds, 'kind')} of source" if self.kinds else ""
        said = {
            Standing.LISTED: "on the list",
            Standing.LEFT_OUT: "screened out",
            Standing.MERGED: "merged into others",
            Standing.NEXT: "noted for the next list",
        }
        parts = [f"{self.standings[standing]} {words}" for standing, words in said.items() if self.standings[standing]]
        return f"{count}{kinds}: {listed(parts)}."

    def matching(self, filters: Filters) -> list[ListedIssue]:
        wanted = filters.text.casefold().split()
        place = list(SourceKind).index(SourceKind(filters.kind)) if filters.kind in set(SourceKind) else None
        return [
            issue
            for issue in self.issues
            if (not filters.category or issue.category == filters.category)
            and (not filters.standing or issue.standing == filters.standing)
            and (place is None or issue.found[place])
            and (filters.kind != NO_SOURCE or not issue.mentions)
            and (not wanted or _says(issue, wanted))
        ]


def _says(issue: ListedIssue, words: Iterable[str]) -> bool:
    text = f"{issue.name} {issue.code} {issue.category} {issue.owners}".casefold()
    return all(word in text for word in words)


def long_list_of(assessment: Assessment) -> LongList:
    found, nowhere = _found(assessment), Counter[str]()
    rows = assessment.issues.values_list(
        "pk", "code", "name", "category", "standing", "owners", "merged_into", "merged_into__code", "merged_into__name"
    )
    issues = [
        ListedIssue(
            code, name, category, standing, owners,
            tuple(found.get(pk, nowhere)[kind] for kind in SourceKind),
            into_code or "", into_name or "",
        )
        for pk, code, name, category, standing, owners, into, into_code, into_name in rows
    ]  # fmt: skip
    return LongList(tuple(issues))


def _found(assessment: Assessment) -> dict[int, Counter[str]]:
    """The mentions of each issue by kind; those of a merged issue count for it and for the one that stands for it."""
    counts = (
        Mention.objects.filter(issue__assessment=assessment)
        .order_by()
        .values_list("issue", "issue__merged_into", "kind")
        .annotate(count=Count("pk"))
    )
    found: dict[int, Counter[str]] = {}
    for issue, into, kind, count in counts:
        for pk in (issue, into) if into else (issue,):
            found.setdefault(pk, Counter())[kind] += count
    return found


# --- near-duplicates --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Candidate:
    """An issue that may be the same as another: what one needs to know to decide, and which way it can be merged."""

    code: str
    name: str
    category: str
    standing: str
    mentions: int
    obstacle: str = ""  # why it cannot be merged into the other one


@dataclass(frozen=True, slots=True)
class Pair:
    one: Candidate
    other: Candidate
    share: float

    @property
    def percent(self) -> str:
        return f"{round(self.share * 100)}\N{NARROW NO-BREAK SPACE}%"


@dataclass(frozen=True)
class Cluster:
    """Issues that are alike, directly or through one another: their pairs, the most alike first."""

    pairs: tuple[Pair, ...]
    names: int


@dataclass(frozen=True)
class Duplicates:
    clusters: tuple[Cluster, ...]
    apart: tuple[tuple[str, str, str, str], ...]  # code and name of either issue of a pair that was kept apart

    @cached_property
    def pairs(self) -> int:
        return sum(len(cluster.pairs) for cluster in self.clusters)


def duplicates_of(assessment: Assessment, *, frozen: bool) -> Duplicates:
    """
    The pairs of unmerged issues whose names are alike, in clusters, the most alike first, without those that were
    kept apart. Three queries. `frozen`: the survey has opened, so what it asks about cannot be merged into others.
    """
    rows = list(
        assessment.issues.exclude(standing=Standing.MERGED).values_list("pk", "code", "name", "category", "standing")
    )
    apart = _apart(assessment)
    pairs = [
        (one, other, share)
        for one, other, share in alike_pairs(tuple(name for _, _, name, _, _ in rows))
        if (rows[one][0], rows[other][0]) not in apart
    ]
    known = {pk: (code, name) for pk, code, name, _, _ in rows}
    kept = tuple(
        (*known[one], *known[other]) for one, other in sorted(apart) if one < other and one in known and other in known
    )
    if not pairs:
        return Duplicates((), kept)
    holders = set(assessment.issues.exclude(merged_into=None).values_list("merged_into", flat=True))
    found = _found(assessment)

    def candidate(place: int, beside: int) -> Candidate:
        pk, code, name, category, standing = rows[place]
        obstacle = _obstacle(standing, rows[beside][4], holds=pk in holders, frozen=frozen)
        return Candidate(code, name, category, standing, found.get(pk, Counter()).total(), obstacle)

    clusters = []
    for cluster in _connected(pairs):
        members = {place for one, other, _ in cluster for place in (one, other)}
        shown = tuple(Pair(candidate(one, other), candidate(other, one), share) for one, other, share in cluster)
        clusters.append(Cluster(shown, len(members)))
    return Duplicates(tuple(clusters), kept)


def _obstacle(standing: str, other: str, *, holds: bool, frozen: bool) -> str:
    """Why an issue cannot be merged into another one, as services.merging refuses it; empty where it can."""
    if holds:
        return "others are merged into it"
    if standing == Standing.LISTED and frozen:
        return "the survey asks about it"
    if standing == Standing.LISTED and other != Standing.LISTED:
        return "it would leave the list"
    return ""


def _apart(assessment: Assessment) -> set[tuple[int, int]]:
    """Both directions of each pair that somebody has said to be different."""
    through = Issue.distinct_from.through.objects.filter(from_issue__assessment=assessment)
    return set(through.values_list("from_issue", "to_issue"))


def _connected(pairs: Sequence[tuple[int, int, float]]) -> list[list[tuple[int, int, float]]]:
    """The pairs by cluster: what hangs together, in the order of each cluster's first pair."""
    root: dict[int, int] = {}

    def find(place: int) -> int:
        while root.setdefault(place, place) != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    for one, other, _ in pairs:
        root[find(other)] = find(one)
    clusters: dict[int, list[tuple[int, int, float]]] = {}
    for pair in pairs:
        clusters.setdefault(find(pair[0]), []).append(pair)
    return list(clusters.values())


def alike_to(name: str, issues: Collection[Issue]) -> list[Issue]:
    """Those of the issues whose name is alike, the most alike first."""
    candidates = list(issues)
    if not candidates:
        return []
    shares = likeness([name], [issue.name for issue in candidates])[0]
    order = sorted(range(len(candidates)), key=lambda place: -shares[place])
    return [candidates[place] for place in order if shares[place] >= ALIKE]


def count_of_alike(assessment: Assessment, added: Collection[int]) -> int:
    """How many of the added issues (their ids) have a name like that of another unmerged issue."""
    rows = list(assessment.issues.exclude(standing=Standing.MERGED).values_list("pk", "name"))
    places = {place for one, other, _ in alike_pairs(tuple(name for _, name in rows)) for place in (one, other)}
    return sum(rows[place][0] in added for place in places)

"""The lineage of one issue: from the period before over its first mention, merges and screening to what was published.

What was merged into it tells its own part: a merge moves nothing. The results themselves are the upper floor's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from scoping.models import Concern, Issue, Mark, Mention, Predecessor, PublishedResult, ShortListDecision
from scoping.screening import in_decimals
from scoping.wording import capital, dated, spelled


@dataclass(frozen=True)
class GivenMarks:
    """What was marked on one criterion: the mean, by how many, and who gave which reason."""

    criterion: str
    mean: str
    count: int
    voices: tuple[tuple[str, int, str], ...]  # name, mark, reason


@dataclass(frozen=True)
class Decided:
    """What one decision about the short list said of the issue."""

    version: int
    at: datetime
    by: str
    total: str
    proposed: bool | None
    listed: bool
    reason: str
    remark: str
    applies: bool
    undone: bool


class Other(NamedTuple):
    """Another issue of the list: when and by whom it was merged, and the tier and rank that were published."""

    pk: int
    code: str
    name: str
    merged_at: datetime | None
    merged_by: str
    tier: str
    rank: int | None


@dataclass(frozen=True)
class Merged:
    """An issue that was merged into this one, with what it brought along."""

    issue: Other
    mentions: tuple[Mention, ...]
    marks: tuple[GivenMarks, ...]


@dataclass(frozen=True)
class Kin:
    """An issue of another period: its name, whether it is called as this one is, and where its sheet is."""

    code: str
    name: str
    standing: str
    slug: str
    period: str
    same_name: bool


@dataclass(frozen=True)
class Concerned:
    """A stakeholder group that asks about the issue, with its topics."""

    code: str
    name: str
    concerns: tuple[Concern, ...]


@dataclass(frozen=True)
class Lineage:
    """Everything that is known of the way of an issue, stage by stage."""

    issue: Issue
    before: tuple[Kin, ...]
    mentions: tuple[Mention, ...]
    merged: tuple[Merged, ...]
    apart: tuple[Other, ...]
    marks: tuple[GivenMarks, ...]
    decided: tuple[Decided, ...]
    published: PublishedResult | None
    after: tuple[Kin, ...]

    @cached_property
    def all_mentions(self) -> tuple[Mention, ...]:
        """Its own mentions and those of what was merged into it, in the order of their days; undated ones last."""
        every = [*self.mentions, *(mention for merged in self.merged for mention in merged.mentions)]
        return tuple(sorted(every, key=_day))

    @property
    def first_mention(self) -> Mention | None:
        return self.all_mentions[0] if self.all_mentions else None

    @property
    def summary(self) -> str:
        """How the issue came here, in a sentence or two."""
        first = self.first_mention
        if first is None:
            return _("Nobody has noted yet where this issue came from.")
        said = {"source": first.source, "kind": _(first.get_kind_display())}
        if first.found_on:
            day = dated(first.found_on)
            told = _("First mentioned on %(day)s: %(source)s (%(kind)s).") % {**said, "day": day}
        else:
            told = _("First mentioned: %(source)s (%(kind)s).") % said
        if not self.all_mentions[1:]:
            return told
        kinds = len({mention.kind for mention in self.all_mentions})
        more = ngettext(
            "%(mentions)s mentions in all, from %(kinds)s kind of source.",
            "%(mentions)s mentions in all, from %(kinds)s kinds of source.",
            kinds,
        ) % {"mentions": capital(spelled(len(self.all_mentions))), "kinds": spelled(kinds)}
        return pgettext("two sentences", "%(one)s %(two)s") % {"one": told, "two": more}


def lineage_of(issue: Issue) -> Lineage:
    """The lineage of `issue`. The number of queries does not depend on how long it is."""
    merged, apart = _others(issue)
    ids = [issue.pk, *(other.pk for other in merged)]
    mentions = _by_issue(Mention.objects.filter(issue__in=ids).select_related("added_by").order_by())
    marks = _marks(ids)
    before, after = _kin_of(issue, ids)
    return Lineage(
        issue=issue,
        before=before,
        mentions=tuple(sorted(mentions[issue.pk], key=_day)),
        merged=tuple(
            Merged(other, tuple(sorted(mentions[other.pk], key=_day)), marks.get(other.pk, ())) for other in merged
        ),
        apart=tuple(apart),
        marks=marks.get(issue.pk, ()),
        decided=_decided(issue),
        published=getattr(issue, "published", None),
        after=after,
    )


def _others(issue: Issue) -> tuple[list[Other], list[Other]]:
    """What is merged into the issue, the earliest first, and what is kept apart from it, in the order of the list."""
    through = Issue.distinct_from.through
    apart_ids = through.objects.filter(from_issue=issue).values("to_issue")
    rows = (
        Issue.objects.filter(Q(merged_into=issue) | Q(pk__in=apart_ids), assessment=issue.assessment_id)
        .order_by("position", "id")
        .values_list(
            "merged_into", "pk", "code", "name", "merged_at", "merged_by__name", "merged_by__email",
            "published__tier__name", "published__rank",
        )
    )  # fmt: skip
    merged: list[Other] = []
    apart: list[Other] = []
    for into, pk, code, name, at, by, email, tier, rank in rows:
        other = Other(pk, code, name, at, by or email or "", tier or "", rank)
        (merged if into == issue.pk else apart).append(other)
    merged.sort(key=lambda other: (other.merged_at is None, other.merged_at, other.pk))
    return merged, apart


def concerned_by(issue: Issue, merged: Collection[int] = ()) -> list[Concerned]:
    """The groups that ask about the issue or about what was `merged` into it, each with its topics and the response."""
    concerns = (
        Concern.objects.filter(issue__in=[issue.pk, *merged])
        .select_related("group", "issue")
        .only("topic", "response", "position", "group__code", "group__name", "group__position", "issue__name")
    )
    groups: dict[tuple[str, str], list[Concern]] = {}
    for concern in sorted(concerns.order_by(), key=lambda each: (each.group.position, each.position, each.pk)):
        groups.setdefault((concern.group.code, concern.group.name), []).append(concern)
    return [Concerned(code, name, tuple(of_group)) for (code, name), of_group in groups.items()]


class Neighbour(NamedTuple):
    code: str
    name: str


def neighbours_of(issue: Issue) -> tuple[Neighbour | None, Neighbour | None]:
    """The issues before and after it on the long list. Mostly one query: positions seldom have gaps."""
    here = (issue.position, issue.pk)
    rows = Issue.objects.order_by("position", "pk").values_list("position", "pk", "code", "name")
    around = (issue.position - 1, issue.position + 1)
    near = list(rows.filter(assessment=issue.assessment_id, position__range=around))
    before = [row for row in near if row[:2] < here]
    if not before and issue.position:
        before = list(rows.filter(assessment=issue.assessment_id, position__lt=issue.position).reverse()[:1])
    after = [row for row in near if row[:2] > here]
    if not after:
        after = list(rows.filter(assessment=issue.assessment_id, position__gt=issue.position)[:1])
    return (
        next((Neighbour(*row[2:]) for row in before[-1:]), None),
        next((Neighbour(*row[2:]) for row in after[:1]), None),
    )


def _day(mention: Mention) -> tuple[bool, date, int]:
    return (mention.found_on is None, mention.found_on or date.min, mention.pk)


def _by_issue(mentions: Iterable[Mention]) -> dict[int, list[Mention]]:
    found = defaultdict(list)
    for mention in mentions:
        found[mention.issue_id].append(mention)
    return found


def _marks(issues: Collection[int]) -> dict[int, tuple[GivenMarks, ...]]:
    """By issue: its marks, criterion by criterion."""
    rows = (
        Mark.objects.filter(issue__in=issues)
        .order_by("criterion__position", "criterion_id", "pk")
        .values_list("issue", "criterion", "criterion__name", "member__name", "member__email", "value", "reason")
    )
    given: dict[int, dict[tuple[int, str], list[tuple[str, int, str]]]] = defaultdict(dict)
    for issue, criterion, title, name, email, value, reason in rows:
        given[issue].setdefault((criterion, title), []).append((name or email, value, reason))
    return {
        issue: tuple(
            GivenMarks(title, in_decimals(Fraction(sum(value for _, value, _ in voices), len(voices))), len(voices),
                       tuple(voices))
            for (_, title), voices in of_issue.items()
        )
        for issue, of_issue in given.items()
    }  # fmt: skip


class _Entry(NamedTuple):
    """What a decision said of one issue."""

    total: str
    proposed: bool | None
    listed: bool
    reason: str


# Which decision: its assessment, version and moment.
_Key = tuple[UUID, int, datetime]
_MOST_KEPT = 64
_kept: dict[_Key, dict[int, _Entry]] = {}


def _decided(issue: Issue) -> tuple[Decided, ...]:
    """What each decision says of the issue, the oldest first."""
    decisions = ShortListDecision.objects.filter(assessment=issue.assessment_id).order_by("version")
    rows = list(
        decisions.values_list(
            "version", "decided_at", "decided_by__name", "decided_by__email", "note", "applies", "undone_at"
        )
    )
    entries = _entries_of([(issue.assessment_id, version, at) for version, at, *_ in rows])
    return tuple(
        Decided(version, at, name or email or "", *entry, remark, applies, undone_at is not None)
        for (version, at, name, email, remark, applies, undone_at), of_issue in zip(rows, entries, strict=True)
        if (entry := of_issue.get(issue.pk))
    )


def _entries_of(keys: Sequence[_Key]) -> list[dict[int, _Entry]]:
    """What these decisions of one assessment say, by issue. A decision never changes, and to read the whole of each for
    every sheet takes longer than everything else on it, so what was read is kept."""
    found = {key: _kept[key] for key in keys if key in _kept}
    unread = {key[1]: key for key in keys if key not in found}
    if unread:
        decisions = ShortListDecision.objects.filter(assessment=keys[0][0], version__in=list(unread))
        for version, entries in decisions.values_list("version", "entries"):
            found[unread[version]] = {entry["issue"]: _entry(entry) for entry in entries}
        if len(_kept) + len(unread) > _MOST_KEPT:
            _kept.clear()
        _kept.update(found)
    return [found[key] for key in keys]


def _entry(entry: dict[str, Any]) -> _Entry:
    return _Entry(
        total="" if entry.get("total") is None else in_decimals(Fraction(entry["total"])),
        proposed=entry.get("proposed"),
        listed=bool(entry.get("listed")),
        reason=entry.get("reason", ""),
    )


def _kin_of(issue: Issue, ids: Collection[int]) -> tuple[tuple[Kin, ...], tuple[Kin, ...]]:
    """What the issue continues, together with what was merged into it; and what continues the issue."""
    pairs = Predecessor.objects.filter(Q(issue__in=ids) | Q(previous=issue)).order_by("pk")
    # The names afterwards: joined to both ends of a pair they take the database longer than a question of their own.
    found = list(pairs.values_list("issue_id", "previous_id"))
    if not found:
        return (), ()
    others = {previous if issue_id in ids else issue_id for issue_id, previous in found}
    named = Issue.objects.filter(pk__in=others).order_by()
    kin = {
        pk: _kin(issue, *row)
        for pk, *row in named.values_list(
            "pk", "code", "name", "standing", "assessment__slug", "assessment__reporting_period"
        )
    }
    before = dict.fromkeys(kin[previous] for issue_id, previous in found if issue_id in ids)
    return tuple(before), tuple(kin[issue_id] for issue_id, previous in found if issue_id not in ids)


def _kin(issue: Issue, code: str, name: str, standing: str, slug: str, period: str) -> Kin:
    return Kin(code, name, standing, slug, period, name.casefold() == issue.name.casefold())

"""The lineage of one issue: from the period before over its first mention, merges and screening to what was published.

What was merged into it tells its own part: a merge moves nothing. The results themselves are the upper floor's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from typing import Any

from scoping.models import Concern, Issue, Mark, Mention, Predecessor, PublishedResult, ShortListDecision
from scoping.screening import in_decimals
from scoping.wording import counted, on_day


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


@dataclass(frozen=True)
class Merged:
    """An issue that was merged into this one, with what it brought along."""

    issue: Issue
    mentions: tuple[Mention, ...]
    marks: tuple[GivenMarks, ...]
    published: PublishedResult | None


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
    apart: tuple[Issue, ...]
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
            return "Nobody has noted yet where this issue came from."
        day = f" on {on_day(first.found_on)}" if first.found_on else ""
        kinds = len({mention.kind for mention in self.all_mentions})
        found = counted(len(self.all_mentions), "mention")
        more = (
            f" {found.capitalize()} in all, from {counted(kinds, 'kind')} of source." if self.all_mentions[1:] else ""
        )
        return f"First mentioned{day}: {first.source} ({first.get_kind_display()}).{more}"


def lineage_of(issue: Issue) -> Lineage:
    """The lineage of `issue`. The number of queries does not depend on how long it is."""
    merged = list(issue.merged.select_related("merged_by", "published__tier").order_by("merged_at", "id"))
    ids = [issue.pk, *(other.pk for other in merged)]
    mentions = _by_issue(Mention.objects.filter(issue__in=ids).select_related("added_by"))
    marks = _marks(ids)
    return Lineage(
        issue=issue,
        before=_before(issue, ids),
        mentions=tuple(sorted(mentions[issue.pk], key=_day)),
        merged=tuple(
            Merged(other, tuple(sorted(mentions[other.pk], key=_day)), marks.get(other.pk, ()), _published(other))
            for other in merged
        ),
        apart=tuple(issue.distinct_from.only("code", "name", "standing", "position")),
        marks=marks.get(issue.pk, ()),
        decided=_decided(issue),
        published=_published(issue),
        after=_after(issue),
    )


def concerned_by(issue: Issue) -> list[Concerned]:
    """The groups that ask about the issue or about what was merged into it, each with its topics and the response."""
    concerns = Concern.objects.filter(issue__in=[issue.pk, *issue.merged.values_list("pk", flat=True)])
    groups: dict[tuple[str, str], list[Concern]] = {}
    for concern in concerns.select_related("group", "issue"):
        groups.setdefault((concern.group.code, concern.group.name), []).append(concern)
    return [Concerned(code, name, tuple(of_group)) for (code, name), of_group in groups.items()]


def neighbours_of(issue: Issue) -> tuple[Issue | None, Issue | None]:
    """The issues before and after it on the long list."""
    others = Issue.objects.filter(assessment=issue.assessment_id).only("code", "name", "position")
    here = (issue.position, issue.pk)
    previous = others.filter(position__lt=here[0]) | others.filter(position=here[0], pk__lt=here[1])
    following = others.filter(position__gt=here[0]) | others.filter(position=here[0], pk__gt=here[1])
    return previous.order_by("-position", "-pk").first(), following.order_by("position", "pk").first()


def _day(mention: Mention) -> tuple[bool, date, int]:
    return (mention.found_on is None, mention.found_on or date.min, mention.pk)


def _by_issue(mentions: Iterable[Mention]) -> dict[int, list[Mention]]:
    found = defaultdict(list)
    for mention in mentions:
        found[mention.issue_id].append(mention)
    return found


def _published(issue: Issue) -> PublishedResult | None:
    return getattr(issue, "published", None)


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


def _decided(issue: Issue) -> tuple[Decided, ...]:
    """What each decision says of the issue, the oldest first."""
    decisions = ShortListDecision.objects.filter(assessment=issue.assessment_id).select_related("decided_by")
    found = []
    for decision in decisions.order_by("version"):
        entry = _entry(decision.entries, issue)
        if entry is not None:
            total = entry.get("total")
            found.append(
                Decided(
                    version=decision.version,
                    at=decision.decided_at,
                    by=str(decision.decided_by or ""),
                    total="" if total is None else in_decimals(Fraction(total)),
                    proposed=entry.get("proposed"),
                    listed=bool(entry.get("listed")),
                    reason=entry.get("reason", ""),
                    remark=decision.note,
                    applies=decision.applies,
                    undone=decision.undone_at is not None,
                )
            )
    return tuple(found)


def _entry(entries: Sequence[dict[str, Any]], issue: Issue) -> dict[str, Any] | None:
    return next((entry for entry in entries if entry.get("issue") == issue.pk), None)


def _before(issue: Issue, ids: Collection[int]) -> tuple[Kin, ...]:
    """What the issue continues; and what those continue that were merged into it."""
    pairs = Predecessor.objects.filter(issue__in=ids).order_by("previous__position", "pk")
    rows = pairs.values_list(
        "previous__code", "previous__name", "previous__standing", "previous__assessment__slug",
        "previous__assessment__reporting_period",
    )  # fmt: skip
    return tuple(dict.fromkeys(_kin(issue, *row) for row in rows))


def _after(issue: Issue) -> tuple[Kin, ...]:
    pairs = Predecessor.objects.filter(previous=issue).order_by("issue__position", "pk")
    rows = pairs.values_list(
        "issue__code", "issue__name", "issue__standing", "issue__assessment__slug",
        "issue__assessment__reporting_period",
    )  # fmt: skip
    return tuple(_kin(issue, *row) for row in rows)


def _kin(issue: Issue, code: str, name: str, standing: str, slug: str, period: str) -> Kin:
    return Kin(code, name, standing, slug, period, name.casefold() == issue.name.casefold())

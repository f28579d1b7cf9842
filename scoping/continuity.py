"""How a list of issues continues the list of the period before, derived from pairs of issues.

Knows names and pairs only: neither database nor pages.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop, ngettext, pgettext_lazy

from scoping.wording import enumerated
from tables.names import key

Issue = TypeVar("Issue", bound=Hashable)


class Relation(StrEnum):
    """What became of an issue from one period to the next."""

    SAME = "same"
    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    MERGED_AND_SPLIT = "merged and split"
    NEW = "new"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """In the language of the page."""
        return str(_LABELS[self])


_LABELS: dict[Relation, Promise] = {
    Relation.SAME: pgettext_lazy("relation", "same"),
    Relation.RENAMED: pgettext_lazy("relation", "renamed"),
    Relation.MERGED: pgettext_lazy("relation", "merged"),
    Relation.SPLIT: pgettext_lazy("relation", "split"),
    Relation.MERGED_AND_SPLIT: pgettext_lazy("relation", "merged and split"),
    Relation.NEW: pgettext_lazy("relation", "new"),
    Relation.DROPPED: pgettext_lazy("relation", "dropped"),
}
_THE_SAME = pgettext_lazy("relation", "the same")


MEANING = {
    Relation.SAME: gettext_noop("Continues one issue under the same name."),
    Relation.RENAMED: gettext_noop("Continues one issue under another name."),
    Relation.MERGED: gettext_noop("Continues several issues at once."),
    Relation.SPLIT: gettext_noop("Continues a part of an issue that became several."),
    Relation.MERGED_AND_SPLIT: gettext_noop("Continues several issues, at least one of which became several."),
    Relation.NEW: gettext_noop("Continues none."),
    Relation.DROPPED: gettext_noop("Was on the list and is continued by none."),
}


@dataclass(frozen=True)
class Continued(Generic[Issue]):
    """An issue of the list, and those of the list before that it continues."""

    issue: Issue
    relation: Relation
    previous: tuple[Issue, ...]


@dataclass(frozen=True)
class Continuity(Generic[Issue]):
    """Every issue of the list with its one relation, in the list's order; and the issues that none continues."""

    issues: tuple[Continued[Issue], ...]
    dropped: tuple[Issue, ...]

    def counts(self) -> Counter[Relation]:
        found = Counter(continued.relation for continued in self.issues)
        found[Relation.DROPPED] = len(self.dropped)
        return found


def continuity_of(
    names: Mapping[Issue, str], before: Mapping[Issue, str], pairs: Iterable[tuple[Issue, Issue]]
) -> Continuity[Issue]:
    """
    The relation of each issue in `names` to those in `before`.

    Parameters
    ----------
    names, before : the two lists, each issue with its name.
    pairs : (issue, previous issue). The order does not matter; a pair of which one is on neither list is none.
    """
    predecessors, successors = _links(names, before, pairs)
    place = {previous: number for number, previous in enumerate(before)}
    continued = []
    for issue, name in names.items():
        found = predecessors.get(issue, ())
        if len(found) > 1:
            found = tuple(sorted(found, key=place.__getitem__))
        continued.append(Continued(issue, _relation(name, found, before, successors), tuple(found)))
    return Continuity(tuple(continued), tuple(previous for previous in before if previous not in successors))


def _links(
    names: Mapping[Issue, str], before: Mapping[Issue, str], pairs: Iterable[tuple[Issue, Issue]]
) -> tuple[dict[Issue, Sequence[Issue]], dict[Issue, int]]:
    """The predecessors of each issue that has one, and the number of successors of each that has one."""
    predecessors: dict[Issue, Sequence[Issue]] = {}
    successors: dict[Issue, int] = {}
    for issue, previous in set(pairs):
        if issue in names and previous in before:
            predecessors[issue] = (*predecessors.get(issue, ()), previous)
            successors[previous] = successors.get(previous, 0) + 1
    return predecessors, successors


def _relation(
    name: str, predecessors: Sequence[Issue], before: Mapping[Issue, str], successors: Mapping[Issue, int]
) -> Relation:
    if not predecessors:
        return Relation.NEW
    is_split = any(successors[previous] > 1 for previous in predecessors)
    if len(predecessors) > 1:
        return Relation.MERGED_AND_SPLIT if is_split else Relation.MERGED
    if is_split:
        return Relation.SPLIT
    return Relation.SAME if _same(before[predecessors[0]], name) else Relation.RENAMED


def _same(one: str, other: str) -> bool:
    return one == other or key(one) == key(other)


def summary_of(counts: Mapping[Relation, int], period: str) -> str:
    """The counts as a sentence in the language of the page; `period` is that of the list before."""
    relations = [relation for relation in Relation if relation != Relation.DROPPED]
    total = sum(counts.get(relation, 0) for relation in relations)
    present = [(relation, counts[relation]) for relation in relations if counts.get(relation)]
    dropped = counts.get(Relation.DROPPED, 0)
    gone = ""
    if dropped:
        text = ngettext("; %(n)d of %(period)s is dropped", "; %(n)d of %(period)s are dropped", dropped)
        gone = text % {"n": dropped, "period": period}
    if not total:
        return gettext("The list is empty%(gone)s.") % {"gone": gone}
    (first, number), *others = present
    if not others:
        text = ngettext("The only issue is %(relation)s%(gone)s.", "All %(n)d issues are %(relation)s%(gone)s.", total)
        return text % {"n": total, "relation": _predicate(first), "gone": gone}
    text = ngettext("%(n)d is %(relation)s", "%(n)d are %(relation)s", number)
    parts = [text % {"n": number, "relation": _predicate(first)}]
    for relation, number in others:
        parts.append(gettext("%(n)d %(relation)s") % {"n": number, "relation": _predicate(relation)})
    return gettext("Of %(n)d issues %(parts)s%(gone)s.") % {"n": total, "parts": enumerated(parts), "gone": gone}


def _predicate(relation: Relation) -> str:
    return str(_THE_SAME) if relation == Relation.SAME else relation.label

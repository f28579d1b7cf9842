"""What of the libraries is on an assessment's list: by a mention that names the entry, or by an issue of like name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import ngettext_lazy

from scoping.libraries.catalogue import libraries
from scoping.libraries.format import Entry, Library
from scoping.models import Assessment, Mention
from scoping.similarity import best_matches


@dataclass(frozen=True)
class OnList:
    """An issue of the list, as a link needs it."""

    code: str
    name: str


@dataclass(frozen=True)
class LibraryLine:
    """A library and how much of it is on the list: entries that a mention names, and others of a like name."""

    library: Library
    picked: int
    alike: int

    @property
    def count(self) -> int:
        return len(self.library.entries)

    @property
    def on_list(self) -> int:
        return self.picked + self.alike


@dataclass(frozen=True)
class EntryLine:
    """An entry; `issue` is there because of it, `alike` bears a name like its own."""

    entry: Entry
    issue: OnList | None = None
    alike: OnList | None = None


@dataclass(frozen=True)
class EntryGroup:
    name: str
    lines: tuple[EntryLine, ...]


def library_lines(assessment: Assessment) -> list[LibraryLine]:
    """Every library with what of it is on the list."""
    references = set(_references(assessment))
    issues = _issues(assessment)
    lines = []
    for library in libraries():
        alike = _alike(library, issues)
        picked = sum(entry.reference in references for entry in library.entries)
        other = sum(entry.reference not in references for entry in library.entries if alike[entry.code])
        lines.append(LibraryLine(library, picked, other))
    return lines


def library_groups(assessment: Assessment, library: Library) -> list[EntryGroup]:
    """The entries of the library under its headings, each with the issue that it is or may be."""
    picked = _references(assessment, library.slug)
    alike = _alike(library, _issues(assessment))
    groups: dict[str, list[EntryLine]] = {}
    for entry in library.entries:
        issue = picked.get(entry.reference)
        line = EntryLine(entry, issue, None if issue else alike[entry.code])
        groups.setdefault(entry.group, []).append(line)
    return [EntryGroup(name, tuple(lines)) for name, lines in groups.items()]


# What the levels of the libraries are called, with their number.
KINDS = {
    "topic": ngettext_lazy("%(n)s topic", "%(n)s topics", "n"),
    "sub-topic": ngettext_lazy("%(n)s sub-topic", "%(n)s sub-topics", "n"),
    "sub-sub-topic": ngettext_lazy("%(n)s sub-sub-topic", "%(n)s sub-sub-topics", "n"),
    "standard": ngettext_lazy("%(n)s standard", "%(n)s standards", "n"),
    "aspect": ngettext_lazy("%(n)s aspect", "%(n)s aspects", "n"),
    "disclosure": ngettext_lazy("%(n)s disclosure", "%(n)s disclosures", "n"),
    "category": ngettext_lazy("%(n)s category", "%(n)s categories", "n"),
    "goal": ngettext_lazy("%(n)s goal", "%(n)s goals", "n"),
    "pillar": ngettext_lazy("%(n)s pillar", "%(n)s pillars", "n"),
}


def entries_by_kind(library: Library) -> list[str]:
    """How many entries of each kind, in the order of their levels: "12 aspects", "48 disclosures"."""
    counts = Counter(entry.kind for entry in sorted(library.entries, key=lambda entry: entry.level))
    return [KINDS[kind] % {"n": count} for kind, count in counts.items()]


def _references(assessment: Assessment, library: str = "") -> dict[str, OnList]:
    """The issues by the entries that their mentions name; an issue that was merged stands for the one it went into."""
    mentions = Mention.objects.filter(issue__assessment=assessment).exclude(reference="")
    if library:
        mentions = mentions.filter(reference__startswith=f"{library}:")
    rows = mentions.order_by("-id").values_list(
        "reference", "issue__code", "issue__name", "issue__merged_into__code", "issue__merged_into__name"
    )
    return {reference: OnList(into_code or code, into or name) for reference, code, name, into_code, into in rows}


def _issues(assessment: Assessment) -> tuple[tuple[str, OnList], ...]:
    """Every name on the list, also of merged issues, with the issue that it now stands for."""
    rows = assessment.issues.values_list("name", "code", "merged_into__code", "merged_into__name")
    return tuple((name, OnList(into_code or code, into or name)) for name, code, into_code, into in rows)


def _alike(library: Library, issues: Sequence[tuple[str, OnList]]) -> dict[str, OnList | None]:
    """For each entry the issue of a like name, by any of the names that the entry goes by."""
    asked = tuple((entry.code, name) for entry in library.entries for name in entry.names)
    places = _places(tuple(name for _, name in asked), tuple(name for name, _ in issues))
    found: dict[str, OnList | None] = dict.fromkeys(entry.code for entry in library.entries)
    for (code, _), place in zip(asked, places, strict=True):
        if place is not None and found[code] is None:
            found[code] = issues[place][1]
    return found


@lru_cache(maxsize=64)
def _places(names: tuple[str, ...], others: tuple[str, ...]) -> list[int | None]:
    # The same list is compared with the same library again and again, and the answer depends on the names alone.
    return best_matches(names, others)

"""The tables of the report: what each issue means and what is done about it, the pillars of the company's model, and
the content index. Plain values, so that a page does not ask the database row by row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from scoping.libraries.catalogue import LibraryNotFound, find_library
from scoping.libraries.format import Library
from scoping.libraries.sdgs import GOALS
from scoping.models import Assessment, IndexEntry, Issue, Pillar

# Field of the sheet, heading in the table. A column that no issue has anything for is left out.
COLUMNS = (
    ("meaning", "What it means to us"),
    ("practice", "Our practice"),
    ("improvement", "Improvement measures"),
    ("chapters", "Chapters"),
    ("sdgs", "SDGs"),
    ("owners", "Owners"),
)
NO_CATEGORY = "Without a category"


@dataclass(frozen=True)
class Goal:
    number: int
    name: str


@dataclass(frozen=True)
class Cell:
    """What one sheet says under one heading: paragraphs, lines of a list, or goals."""

    field: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    goals: tuple[Goal, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.paragraphs or self.lines or self.goals)


@dataclass(frozen=True)
class SheetRow:
    code: str
    name: str
    category: str
    tier: str  # as published; "" where the report names none for this issue
    tier_number: int
    cells: tuple[Cell, ...]
    source: str
    reading: str

    @property
    def is_blank(self) -> bool:
        return all(cell.is_empty for cell in self.cells)


@dataclass(frozen=True)
class Category:
    name: str
    count: int
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True)
class IssueTable:
    """The sheets of the short list, by category; categories in the order in which the list names them."""

    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    categories: int
    written: int

    @property
    def is_published(self) -> bool:
        return any(row.tier for row in self.rows)

    def by_category(self, rows: Sequence[SheetRow]) -> list[Category]:
        """`rows`, which are some of the table's in their order, under the names of their categories."""
        counts: dict[str, int] = defaultdict(int)
        for row in self.rows:
            counts[row.category] += 1
        parts: dict[str, list[SheetRow]] = {}
        for row in rows:
            parts.setdefault(row.category, []).append(row)
        return [Category(name, counts[name], tuple(members)) for name, members in parts.items()]


def issue_table(assessment: Assessment) -> IssueTable:
    fields = [name for name, _ in COLUMNS]
    tier, position = "published__tier__name", "published__tier__position"
    issues = list(
        assessment.issues.asked()
        .order_by("position", "id")
        .values("code", "name", "category", "source", "reading", tier, position, *fields)
    )
    columns = [(name, heading) for name, heading in COLUMNS if any(issue[name] for issue in issues)]
    order: dict[str, int] = {}
    for issue in issues:
        order.setdefault(issue["category"] or NO_CATEGORY, len(order))
    issues.sort(key=lambda issue: order[issue["category"] or NO_CATEGORY])
    rows = tuple(
        SheetRow(
            code=issue["code"],
            name=issue["name"],
            category=issue["category"] or NO_CATEGORY,
            tier=issue[tier] or "",
            tier_number=(issue[position] or 0) + 1,
            cells=tuple(_cell(name, heading, issue[name]) for name, heading in columns),
            source=issue["source"],
            reading=issue["reading"],
        )
        for issue in issues
    )
    return IssueTable(
        headings=tuple(heading for _, heading in columns),
        rows=rows,
        categories=sum(name != NO_CATEGORY for name in order),
        written=sum(not row.is_blank for row in rows),
    )


def _cell(name: str, heading: str, value: str | list[int]) -> Cell:
    if not isinstance(value, str):
        return Cell(name, heading, goals=tuple(Goal(number, GOALS[number]) for number in value if number in GOALS))
    parts = tuple(line for line in value.splitlines() if line.strip())
    return Cell(name, heading, lines=parts) if name == "chapters" else Cell(name, heading, paragraphs=parts)


@dataclass(frozen=True)
class PillarCard:
    id: int
    name: str
    topics: tuple[str, ...]
    issues: tuple[Issue, ...]
    source: str
    reading: str


def pillars_of(assessment: Assessment) -> list[PillarCard]:
    """The pillars in their order, each with the issues that it carries in the order of the list."""
    carried: dict[int, list[Issue]] = defaultdict(list)
    issues = {issue.pk: issue for issue in assessment.issues.only("id", "code", "name", "assessment_id", "position")}
    pairs = Pillar.issues.through.objects.filter(pillar__assessment=assessment)
    for pillar, issue in pairs.values_list("pillar_id", "issue_id"):
        carried[pillar].append(issues[issue])
    return [
        PillarCard(
            id=pillar.pk,
            name=pillar.name,
            topics=tuple(pillar.topics.splitlines()),
            issues=tuple(sorted(carried[pillar.pk], key=lambda issue: (issue.position, issue.pk))),
            source=pillar.source,
            reading=pillar.reading,
        )
        for pillar in assessment.pillars.all()
    ]


@dataclass(frozen=True)
class IndexRow:
    """A row of the index. `shown` is the code, if it is the framework's own and not our numbering."""

    id: int
    code: str
    shown: str
    title: str
    location: str
    issue_code: str
    issue: str
    source: str
    reading: str


@dataclass(frozen=True)
class IndexPart:
    """Rows under one heading of the framework, such as the aspect A1."""

    heading: str
    rows: list[IndexRow] = field(default_factory=list)


@dataclass(frozen=True)
class IndexGroup:
    """A part of the framework, such as A. Environmental."""

    name: str
    parts: list[IndexPart] = field(default_factory=list)


@dataclass(frozen=True)
class FrameworkIndex:
    slug: str
    name: str
    library: Library | None
    groups: list[IndexGroup]
    rows: list[IndexRow]

    @property
    def located(self) -> int:
        return sum(bool(row.location) for row in self.rows)

    @property
    def has_codes(self) -> bool:
        return any(row.shown for row in self.rows)


def content_index(assessment: Assessment) -> list[FrameworkIndex]:
    """The index by framework, and in each by the headings that its library has for the codes."""
    stored: dict[str, list[IndexEntry]] = {}
    for entry in assessment.index_entries.select_related("issue").order_by("framework", "position", "id"):
        stored.setdefault(entry.framework, []).append(entry)
    return [_framework(slug, entries) for slug, entries in stored.items()]


def _framework(slug: str, entries: Sequence[IndexEntry]) -> FrameworkIndex:
    try:
        library: Library | None = find_library(slug)
    except LibraryNotFound:  # of a case file that names another framework; its rows are shown as they are
        library = None
    groups: dict[str, dict[str, IndexPart]] = {}
    rows = []
    for entry in entries:
        group, heading = _place(library, entry.code)
        row = _row(entry, library)
        rows.append(row)
        groups.setdefault(group, {}).setdefault(heading, IndexPart(heading)).rows.append(row)
    return FrameworkIndex(
        slug=slug,
        name=library.name if library else slug,
        library=library,
        groups=[IndexGroup(name, list(parts.values())) for name, parts in groups.items()],
        rows=rows,
    )


def _row(entry: IndexEntry, library: Library | None) -> IndexRow:
    known = library.by_code.get(entry.code) if library else None
    return IndexRow(
        id=entry.pk,
        code=entry.code,
        shown=entry.code if known is None or known.is_coded else "",
        title=entry.title,
        location=entry.location,
        issue_code=entry.issue.code if entry.issue else "",
        issue=entry.issue.name if entry.issue else "",
        source=entry.source,
        reading=entry.reading,
    )


def _place(library: Library | None, code: str) -> tuple[str, str]:
    """Group and heading of a code; a row of one's own stands under the nearest code that the library knows."""
    if library is None:
        return "", ""
    near = code
    while near and near not in library.by_code:
        near = near.rpartition(".")[0]
    if not near:
        return "", ""
    entry = library.by_code[near]
    above = library.by_code.get(entry.parent) if near == code else entry
    if above is None:
        return entry.group, ""
    return entry.group, f"{above.code} {above.name}" if above.is_coded else above.name


def chapters_of(assessment: Assessment) -> list[str]:
    """The chapters that the sheets name, each once, for a form to offer."""
    texts = assessment.issues.asked().exclude(chapters="").values_list("chapters", flat=True)
    return list(dict.fromkeys(line for text in texts for line in text.splitlines()))

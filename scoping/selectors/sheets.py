"""The tables of the report: what each issue means and what is done about it, the pillars of the company's model, and
the content index. Plain values, so that a page does not ask the database row by row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext, gettext_noop

from scoping.libraries.catalogue import LibraryNotFound, find_library
from scoping.libraries.format import Entry, Library
from scoping.libraries.sdgs import GOALS, goal_name
from scoping.models import Assessment, IndexEntry, Issue, Pillar

# Field of the sheet, heading in the table. A column that no issue has anything for is left out.
COLUMNS = (
    ("meaning", gettext_noop("What it means to us")),
    ("practice", gettext_noop("Our practice")),
    ("improvement", gettext_noop("Improvement measures")),
    ("chapters", gettext_noop("Chapters")),
    ("sdgs", gettext_noop("SDGs")),
    ("owners", gettext_noop("Owners")),
)
NO_CATEGORY = gettext_noop("Without a category")


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
    """
    The short list as the table shows it, without the texts: those are read for the rows of one page.

    Attributes
    ----------
    issues : ids by category; categories in the order in which the list names them.
    columns : fields that some sheet has something for, with their headings.
    sizes : how many issues each category has.
    written : how many issues have something on their sheet.
    first_blank : code and name of the first issue that has nothing on its sheet.
    is_published : whether the report published a tier for some of them.
    """

    issues: tuple[int, ...]
    columns: tuple[tuple[str, str], ...]
    sizes: dict[str, int]
    written: int
    first_blank: tuple[str, str] | None
    is_published: bool

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(gettext(heading) for _, heading in self.columns)

    @property
    def categories(self) -> int:
        return sum(name != NO_CATEGORY for name in self.sizes)


def issue_table(assessment: Assessment) -> IssueTable:
    """The table of the whole short list; its order is that of the list within each category."""
    fields = [name for name, _ in COLUMNS]
    filled = [ExpressionWrapper(~Q(**{name: [] if name == "sdgs" else ""}), BooleanField()) for name in fields]
    issues = list(
        assessment.issues.asked()
        .order_by("position", "id")
        .values_list("id", "code", "name", "category", "published__tier", *filled)
    )
    members: dict[str, list[int]] = {}
    for pk, _, _, category, *_ in issues:
        members.setdefault(category or NO_CATEGORY, []).append(pk)
    order = tuple(pk for ids in members.values() for pk in ids)
    blank = {pk: (code, name) for pk, code, name, _, _, *has in issues if not any(has)}
    return IssueTable(
        issues=order,
        columns=tuple(column for number, column in enumerate(COLUMNS) if any(issue[5 + number] for issue in issues)),
        sizes={name: len(ids) for name, ids in members.items()},
        written=len(issues) - len(blank),
        first_blank=next((blank[pk] for pk in order if pk in blank), None),
        is_published=any(tier for _, _, _, _, tier, *_ in issues),
    )


def sheets_of(assessment: Assessment, table: IssueTable, issues: Sequence[int]) -> list[Category]:
    """What the sheets of `issues`, which are some of the table's in their order, say under its headings."""
    tier, position = "published__tier__name", "published__tier__position"
    fields = [name for name, _ in table.columns]
    found = assessment.issues.filter(pk__in=issues).values(
        "pk", "code", "name", "category", "source", "reading", tier, position, *fields
    )
    by_id = {sheet["pk"]: sheet for sheet in found}
    parts: dict[str, list[SheetRow]] = {}
    for sheet in (by_id[pk] for pk in issues if pk in by_id):
        row = SheetRow(
            code=sheet["code"],
            name=sheet["name"],
            tier=sheet[tier] or "",
            tier_number=(sheet[position] or 0) + 1,
            cells=tuple(_cell(name, gettext(heading), sheet[name]) for name, heading in table.columns),
            source=sheet["source"],
            reading=sheet["reading"],
        )
        parts.setdefault(sheet["category"] or NO_CATEGORY, []).append(row)
    return [
        Category(gettext(name) if name == NO_CATEGORY else name, table.sizes.get(name, len(rows)), tuple(rows))
        for name, rows in parts.items()
    ]


def _cell(name: str, heading: str, value: str | list[int]) -> Cell:
    if not isinstance(value, str):
        return Cell(name, heading, goals=tuple(Goal(number, goal_name(number)) for number in value if number in GOALS))
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
    above: list[Entry] = [] if near == code else [entry]
    while entry.parent:
        entry = library.by_code[entry.parent]
        above.insert(0, entry)
    # The whole way down: "Working conditions" occur in two standards of ESRS.
    heading = ": ".join(f"{step.code} {step.name}" if step.is_coded else step.name for step in above)
    return entry.group, heading


def chapters_of(assessment: Assessment) -> list[str]:
    """The chapters that the sheets name, each once, for a form to offer."""
    texts = assessment.issues.asked().exclude(chapters="").values_list("chapters", flat=True)
    return list(dict.fromkeys(line for text in texts for line in text.splitlines()))

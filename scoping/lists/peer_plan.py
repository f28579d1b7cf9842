"""The issues that a peer published as a file: its columns, and what a file with them would change.

A peer's issue is known by its name. The plan is pure: rows in, what to do out.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from scoping.lists.cells import CellError, read_count
from scoping.lists.columns import Column
from scoping.lists.plan import Action, Change, Fact, Plan, contradiction, too_long
from scoping.lists.sources import ListFile
from scoping.services.issues import MOST_ISSUES
from tables.names import key, tidy
from tables.problems import shorten

COLUMNS = (
    Column(
        "name", gettext_noop("Name"), gettext_noop("As the company published it."), required=True, limit=300,
        others=("issue", "issue name", "topic", "material topic", "material issue", "title", "议题", "议题名称", "名称",
                "实质性议题", "重要性议题", "esg议题", "重大议题"),
    ),
    Column(
        "category", gettext_noop("Category"), gettext_noop("Such as Environmental."), limit=120,
        others=("dimension", "area", "theme", "类别", "分类", "维度", "领域", "议题类别"),
    ),
    Column(
        "tier", gettext_noop("Tier"),
        gettext_noop("The level of importance by its name, such as Highly important."), limit=80,
        others=("importance", "tier name", "materiality", "重要性", "重要程度", "重要性等级", "层级"),
    ),
    Column(
        "level", gettext_noop("Level"), gettext_noop("The same as a number: 1 is the company's highest tier."),
        others=("tier level", "tier number", "importance level", "级别", "等级", "层级序号"),
    ),
    Column(
        "rank", gettext_noop("Rank"), gettext_noop("The place in the company's ranking, 1 for the first."),
        others=("ranking", "position", "排名", "排序", "名次", "序号"),
    ),
)  # fmt: skip
FIELDS = tuple(column.field for column in COLUMNS)
COLUMN = {column.field: column for column in COLUMNS}
READERS: dict[str, Callable[[str], Any]] = {"level": read_count, "rank": read_count}


@dataclass
class Published:
    """An issue of a peer, as it is or as it will be; `row` is where the file names it first, `said` what it said."""

    pk: int | None
    values: dict[str, Any]
    row: int = 0
    said: dict[str, tuple[int, Any]] = field(default_factory=dict)
    touched: bool = False


@dataclass
class PeerPlan(Plan):
    """`added` and `changed` are what is to be stored."""

    added: list[Published] = field(default_factory=list)
    changed: list[Published] = field(default_factory=list)


def plan_peer_issues(file: ListFile, *, present: Sequence[Published]) -> PeerPlan:
    """What the rows of the file would change. An empty cell changes nothing, and no issue is removed."""
    return _Planner(file, present).plan()


class _Planner:
    def __init__(self, file: ListFile, present: Sequence[Published]) -> None:
        self.file = file
        self.made = PeerPlan(titles=tuple(column.title for column in COLUMNS[1:]))
        self.present = present
        self.by_name = {key(issue.values["name"]): issue for issue in present}

    def plan(self) -> PeerPlan:
        read = [(row, *_read(cells)) for row, cells in self.file.rows]
        levels = self.levels_of_tiers([said for _, said, _ in read])
        for row, said, problems in read:
            if not problems:
                issue = self.by_name.get(key(said["name"]))
                tier = key(said.get("tier", ""))
                # What a tier's level is need be said once; what is published already stays as it is.
                stays = issue is not None and key(issue.values["tier"]) == tier
                if tier and "level" not in said and not stays and len(levels[tier]) == 1:
                    said["level"] = next(iter(levels[tier]))
                problems = self.meet(issue, row, said) if issue else self.add(row, said)
            for name, text in problems:
                self.made.say(row, Action.PROBLEM, said.get("name", ""), note=text, column=COLUMN[name].title)
        self.count(levels)
        return self.made

    def levels_of_tiers(self, rows: Sequence[dict[str, Any]]) -> dict[str, set[int]]:
        """Which levels the tiers have, in the file, or among what is there."""
        levels: dict[str, set[int]] = defaultdict(set)
        for said in rows:
            if said.get("tier") and said.get("level"):
                levels[key(said["tier"])].add(said["level"])
        for issue in self.present:
            tier, level = key(issue.values["tier"]), issue.values["level"]
            if tier and level and not levels[tier]:
                levels[tier].add(level)
        return levels

    def add(self, row: int, said: dict[str, Any]) -> list[tuple[str, str]]:
        if len(self.by_name) >= MOST_ISSUES:
            return [
                ("name", _("There is no room for this issue: a list has at most %(most)s.") % {"most": MOST_ISSUES})
            ]
        values = {name: said.get(name, None if name in READERS else "") for name in FIELDS}
        issue = Published(None, values, row, {name: (row, text) for name, text in said.items()})
        self.by_name[key(said["name"])] = issue
        self.made.added.append(issue)
        shown = tuple(_as_cell(values[name]) for name in FIELDS[1:])
        self.made.say(row, Action.ADD, said["name"], values=shown)
        return []

    def meet(self, issue: Published, row: int, said: dict[str, Any]) -> list[tuple[str, str]]:
        """A row about an issue that is there, or that an earlier row has named."""
        problems, changes, values = [], [], {}
        for name, new in said.items():
            old = issue.values[name]
            if name in issue.said:
                earlier, before = issue.said[name]
                if key(str(new)) != key(str(before)):
                    problems.append((name, contradiction(str(new), earlier, str(before))))
            # The name in other letters is the same name.
            elif name != "name" and new != old and (old is None or str(new) != tidy(str(old))):
                values[name] = new
                changes.append(Change(COLUMN[name].title, _as_cell(old), _as_cell(new)))
        if problems:
            return problems
        repeats = issue.row
        issue.row = repeats or row
        issue.values.update(values)
        for name, new in said.items():
            issue.said.setdefault(name, (row, new))
        if not changes:
            action, note = (
                (Action.REPEAT, _("Repeats row %(row)s.") % {"row": repeats}) if repeats else (Action.KEEP, "")
            )
            self.made.say(row, action, issue.values["name"], note=note)
            return []
        if issue.pk is not None and not issue.touched:
            self.made.changed.append(issue)
        issue.touched = True
        action = Action.ADD if issue.pk is None else Action.CHANGE
        note = _("The same issue as in row %(row)s.") % {"row": repeats} if repeats else ""
        self.made.say(row, action, issue.values["name"], changes=tuple(changes), note=note)
        return []

    def count(self, levels: dict[str, set[int]]) -> None:
        made = self.made
        named = sum(issue.row > 0 for issue in self.present)
        made.facts = [
            Fact(gettext_noop("New"), len(made.added)),
            Fact(gettext_noop("Changed"), len(made.changed)),
            Fact(gettext_noop("Unchanged"), named - len(made.changed)),
        ]
        told = [*self.present, *made.added]
        for tier in dict.fromkeys(issue.values["tier"] for issue in told):
            if len(levels[key(tier)]) > 1:
                numbers = _(" and ").join(map(str, sorted(levels[key(tier)])))
                made.notices.append(
                    _("“%(tier)s” has the levels %(numbers)s. A tier has one level as a rule.")
                    % {"tier": shorten(tier), "numbers": numbers}
                )
        without = sum(not issue.values["level"] for issue in told)
        if without:
            made.notices.append(
                ngettext(
                    "%(n)s issue has no level, so a comparison cannot tell whether the company holds them high. Add a "
                    "column Level: 1 for its highest tier.",
                    "%(n)s issues have no level, so a comparison cannot tell whether the company holds them high. "
                    "Add a "
                    "column Level: 1 for its highest tier.",
                    without,
                )
                % {"n": without}
            )
        if absent := len(self.present) - named:
            made.notices.append(
                ngettext(
                    "%(n)s issue that the file does not name stays as it is. An import removes none.",
                    "%(n)s issues that the file does not name stay as they are. An import removes none.",
                    absent,
                )
                % {"n": absent}
            )


def _read(cells: Sequence[str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What a row says, by field, and which cells cannot be."""
    said: dict[str, Any] = {}
    problems = []
    for column, text in zip(COLUMNS, cells, strict=True):
        try:
            if column.limit and len(text) > column.limit:
                raise CellError(too_long(text, column.limit))
            if text:
                said[column.field] = READERS.get(column.field, str)(text)
            elif column.required:
                raise CellError(_("The cell is empty: name the issue."))
        except CellError as error:
            problems.append((column.field, str(error)))
    return said, problems


def _as_cell(value: Any) -> str:
    return "" if value is None else str(value)

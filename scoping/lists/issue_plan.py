"""The long list of issues as a file: its columns, and what a file with it would change.

An issue is known by its code, else by its name. Each row may hold one mention, so an issue that was found in several
places has several rows. The plan is pure: rows in, what to do out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from scoping.lists.cells import CellError
from scoping.lists.issue_columns import (
    COLUMN,
    COLUMNS,
    FROZEN_FIELDS,
    ISSUE_FIELDS,
    MENTION_FIELDS,
    READERS,
    as_cell,
)
from scoping.lists.plan import Action, Change, Fact, Plan, contradiction, too_long
from scoping.lists.sources import ListFile
from scoping.models import SourceKind, Standing
from scoping.services.issues import MOST_ISSUES
from scoping.services.scope import MOST_ENTRIES
from scoping.similarity import ALIKE, best_matches, likeness
from scoping.wording import enumerated
from tables.names import key, tidy
from tables.problems import shorten

# A cell that cannot be: its field, and why.
Complaint = tuple[str, str]
# What a row holds, by field; nothing for an empty cell.
Cells = dict[str, str]


class MentionRow(NamedTuple):
    """A mention as it is, or as a row says it; `pk` is 0 for a new one."""

    pk: int
    kind: str
    source: str
    found_on: date | None
    quotation: str
    link: str

    def __str__(self) -> str:
        day = f", {self.found_on.isoformat()}" if self.found_on else ""
        quotation = f", “{shorten(self.quotation, 60)}”" if self.quotation else ""
        link = f", {shorten(self.link, 60)}" if self.link else ""
        return f"{_(SourceKind(self.kind).label)}: {self.source}{day}{quotation}{link}"


@dataclass(frozen=True)
class IssueRow:
    """An issue as it is. `values` by field, as the model has them; `asked` says that respondents are asked about it."""

    pk: int
    values: dict[str, Any]
    standing: str = Standing.LISTED
    merged_into: str = ""
    asked: bool = False
    mentions: tuple[MentionRow, ...] = ()


@dataclass
class Wanted:
    """
    An issue as it will be.

    Attributes
    ----------
    row : of the file, where it was met first; 0 for one that the file does not name.
    said : by field, which row said what.
    mentioned : by the place of a mention in `mentions`, which row named it first.
    changed : the fields that are not as they were.
    touched : whether anything is, a field or a mention.
    """

    present: IssueRow | None
    values: dict[str, Any]
    mentions: list[MentionRow]
    row: int = 0
    said: dict[str, tuple[int, Any]] = field(default_factory=dict)
    mentioned: dict[int, int] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    touched: bool = False

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def new_mentions(self) -> list[MentionRow]:
        return [mention for mention in self.mentions if not mention.pk]

    @property
    def changed_mentions(self) -> list[MentionRow]:
        before = self.present.mentions if self.present else ()
        return [mention for mention in self.mentions if mention.pk and mention not in before]


@dataclass
class IssuePlan(Plan):
    """`added` and `changed` are what is to be stored."""

    added: list[Wanted] = field(default_factory=list)
    changed: list[Wanted] = field(default_factory=list)


def plan_issues(file: ListFile, *, present: Sequence[IssueRow], room: int, opened: bool, today: date) -> IssuePlan:
    """
    What the rows of the file would change. An empty cell changes nothing, and no issue or mention is removed.

    Parameters
    ----------
    room : how many more issues the assessment takes.
    opened : whether the survey has opened, so that new issues wait for the next assessment.
    today : no issue was found later.
    """
    return _Planner(file, present, room, opened, today).plan()


def point_out_twins(plan: IssuePlan, present: Sequence[IssueRow]) -> None:
    """A hint at each new issue that is called much like another one. Only a person can say whether it is the same."""
    names = [wanted.name for wanted in plan.added]
    others = [row.values["name"] for row in present if not row.merged_into]
    among_new = likeness(names, names)
    hints: dict[int, str] = {}
    for at, (wanted, match) in enumerate(zip(plan.added, best_matches(names, others), strict=True)):
        earlier = among_new[at, :at]
        if match is not None:
            hints[wanted.row] = _("Much like “%(name)s” in the list.") % {"name": others[match]}
        elif at and earlier.max() >= ALIKE:
            twin = int(earlier.argmax())
            hints[wanted.row] = _("Much like “%(name)s” in row %(row)s.") % {
                "name": names[twin],
                "row": plan.added[twin].row,
            }
    if not hints:
        return
    for at, line in enumerate(plan.lines):
        if line[1] == Action.ADD and line[0] in hints:
            plan.lines[at] = (*line[:5], hints[line[0]], line[6])
    plan.notices.append(
        ngettext(
            "%(n)s new issue is called much like another one. If two are the same, join them under Duplicates "
            "afterwards, or give them one name in the file.",
            "%(n)s new issues are called much like another one. If two are the same, join them under Duplicates "
            "afterwards, or give them one name in the file.",
            len(hints),
        )
        % {"n": len(hints)}
    )


class _Planner:
    def __init__(self, file: ListFile, present: Sequence[IssueRow], room: int, opened: bool, today: date) -> None:
        self.file, self.room, self.opened, self.today = file, room, opened, today
        titles = [COLUMN[name].title for name in ISSUE_FIELDS[1:]]
        self.made = IssuePlan(titles=(*titles, gettext_noop("Mention")))
        self.all = [Wanted(row, dict(row.values), list(row.mentions)) for row in present]
        self.by_code = {wanted.values["code"].casefold(): wanted for wanted in self.all}
        self.by_name = {key(wanted.name): wanted for wanted in self.all}

    def plan(self) -> IssuePlan:
        for row, texts in self.file.rows:
            cells = {column.field: text for column, text in zip(COLUMNS, texts, strict=True) if text}
            for name, text in self.plan_row(row, cells):
                thing = cells.get("name") or cells.get("code", "")
                self.made.say(row, Action.PROBLEM, thing, note=text, column=COLUMN[name].title)
        self.count()
        return self.made

    def plan_row(self, row: int, cells: Cells) -> list[Complaint]:
        said, problems = self.read(cells)
        problems += _incomplete_mention(cells)
        if problems:
            return problems
        wanted, problems = self.find(said)
        if problems:
            return problems
        mention = None
        if "kind" in said:
            mention = MentionRow(0, *(said.get(name, "") for name in MENTION_FIELDS))
            mention = mention._replace(found_on=said.get("found_on"))
        if wanted is None:
            return self.add(row, said, mention)
        return self.meet(wanted, row, cells, said, mention)

    def read(self, cells: Cells) -> tuple[dict[str, Any], list[Complaint]]:
        """What the row says, by field; nothing for an empty cell."""
        said: dict[str, Any] = {}
        problems = []
        for name, text in cells.items():
            limit = COLUMN[name].limit
            try:
                if limit and len(text) > limit:
                    raise CellError(too_long(text, limit))
                said[name] = READERS.get(name, str)(text)
            except CellError as error:
                problems.append((name, str(error)))
        if said.get("found_on", self.today) > self.today:
            problems.append(
                ("found_on", _("%(day)s has not come yet. Correct the day.") % {"day": said["found_on"].isoformat()})
            )
        return said, problems

    def find(self, said: dict[str, Any]) -> tuple[Wanted | None, list[Complaint]]:
        """The issue that the row is about; None for a new one."""
        coded = self.by_code.get(said["code"]) if "code" in said else None
        named = self.by_name.get(key(said["name"])) if "name" in said else None
        found = coded or named
        if coded and named and coded is not named:
            note = _(
                "The code %(code)s is that of “%(issue)s”, and “%(other)s” is another issue. Correct the code or the "
                "name."
            ) % {"code": said["code"], "issue": shorten(coded.name), "other": shorten(named.name)}
            return found, [("code", note)]
        if found is None and "name" not in said:
            return None, [("name", _("The cell is empty: name the issue."))]
        if found and found.present and found.present.merged_into:
            note = _("“%(issue)s” was merged into “%(other)s”. Name that one in the file, or undo the merge first.") % {
                "issue": shorten(found.name),
                "other": shorten(found.present.merged_into),
            }
            return found, [("name", note)]
        return found, []

    def add(self, row: int, said: dict[str, Any], mention: MentionRow | None) -> list[Complaint]:
        if len(self.made.added) >= self.room:
            return [
                (
                    "name",
                    _("There is no room for this issue: an assessment has at most %(most)s.") % {"most": MOST_ISSUES},
                )
            ]
        values = {name: said.get(name, [] if name == "sdgs" else "") for name in ISSUE_FIELDS}
        wanted = Wanted(None, values, [mention] if mention else [], row)
        wanted.said = {name: (row, said[name]) for name in ISSUE_FIELDS if name in said}
        if mention:
            wanted.mentioned[0] = row
        self.made.added.append(wanted)
        self.by_name[key(wanted.name)] = wanted
        if "code" in said:
            self.by_code[said["code"]] = wanted
        shown = [as_cell(name, values[name]) for name in ISSUE_FIELDS[1:]]
        self.made.say(row, Action.ADD, wanted.name, values=(*shown, str(mention) if mention else ""))
        return []

    def meet(
        self, wanted: Wanted, row: int, cells: Cells, said: dict[str, Any], mention: MentionRow | None
    ) -> list[Complaint]:
        """A row about an issue that is there, or that an earlier row has named."""
        problems = []
        changes: list[Change] = []
        values: dict[str, Any] = {}
        for name in ISSUE_FIELDS:
            if name not in said:
                continue
            old, new = wanted.values[name], said[name]
            if name in wanted.said:
                earlier, before = wanted.said[name]
                if key(as_cell(name, new)) != key(as_cell(name, before)):
                    problems.append((name, contradiction(as_cell(name, new), earlier, as_cell(name, before))))
            # Equal, or as an export would write what is there.
            elif new != old and tidy(as_cell(name, old)) != tidy(cells[name]):
                values[name] = new
                changes.append(Change(COLUMN[name].title, as_cell(name, old), as_cell(name, new)))
        if wanted.present and wanted.present.asked:
            problems += [(name, _frozen(name, wanted)) for name in values if name in FROZEN_FIELDS]
        if mention and len(wanted.mentions) >= MOST_ENTRIES and _place_of(mention, wanted.mentions) is None:
            text = _("An issue has at most %(most)s mentions, and this one has them already.")
            problems.append(("source", text % {"most": MOST_ENTRIES}))
        if problems:
            return problems
        repeats = wanted.row
        wanted.row = repeats or row
        for name in ISSUE_FIELDS:
            if name in said:
                wanted.said.setdefault(name, (row, said[name]))
        wanted.values.update(values)
        wanted.changed.update(values)
        self.by_name[key(wanted.name)] = wanted
        if wanted.values["code"]:
            self.by_code[wanted.values["code"].casefold()] = wanted
        if mention:
            repeats = _take_mention(wanted, row, mention, changes)
        self.line(wanted, row, repeats, changes)
        return []

    def line(self, wanted: Wanted, row: int, repeats: int, changes: Sequence[Change]) -> None:
        if not changes:
            action, note = (
                (Action.REPEAT, _("Repeats row %(row)s.") % {"row": repeats}) if repeats else (Action.KEEP, "")
            )
            self.made.say(row, action, wanted.name, note=note)
            return
        if wanted.present and not wanted.touched:
            self.made.changed.append(wanted)
        wanted.touched = True
        action = Action.CHANGE if wanted.present else Action.ADD
        note = _("More about the issue of row %(row)s.") % {"row": wanted.row} if wanted.row != row else ""
        self.made.say(row, action, wanted.name, changes=tuple(changes), note=note)

    def count(self) -> None:
        made = self.made
        named = sum(wanted.present is not None and wanted.row > 0 for wanted in self.all)
        mentions = sum(len(wanted.new_mentions) for wanted in (*made.added, *made.changed))
        made.facts = [
            Fact(gettext_noop("New"), len(made.added)),
            Fact(gettext_noop("Changed"), len(made.changed)),
            Fact(gettext_noop("Unchanged"), named - len(made.changed)),
            Fact(gettext_noop("New mentions"), mentions),
        ]
        used = {key(wanted.present.values["category"]) for wanted in self.all if wanted.present} - {""}
        said = {str(wanted.values["category"]): None for wanted in (*made.added, *made.changed)}
        new = [category for category in said if category and key(category) not in used]
        if used and new:
            made.notices.append(
                ngettext(
                    "New categories: %(names)s. If it means the same as one in use, in other words or another "
                    "language, "
                    "write the one in use instead.",
                    "New categories: %(names)s. If one of them means the same as one in use, in other words or another "
                    "language, write the one in use instead.",
                    len(new),
                )
                % {"names": enumerated(new, most=10)}
            )
        absent = sum(not wanted.row and not (wanted.present and wanted.present.merged_into) for wanted in self.all)
        if absent:
            made.notices.append(
                ngettext(
                    "%(n)s issue that the file does not name stays as it is. An import removes none.",
                    "%(n)s issues that the file does not name stay as they are. An import removes none.",
                    absent,
                )
                % {"n": absent}
            )
        if self.opened and made.added:
            made.notices.append(
                ngettext(
                    "The survey has opened, so the new issue waits for the next assessment. Nobody is asked about them "
                    "now.",
                    "The survey has opened, so the new issues wait for the next assessment. Nobody is asked about them "
                    "now.",
                    len(made.added),
                )
            )


def _incomplete_mention(cells: Cells) -> list[Complaint]:
    """Whether the row says something about a source, and not enough for a mention."""
    given = [COLUMN[name].label for name in MENTION_FIELDS if name in cells]
    if given and "kind" not in cells:
        kinds = _(", ").join(_(kind.label) for kind in SourceKind)
        text = _("The cell is empty, but the row has a %(column)s. Say which kind of source it was: %(kinds)s.")
        return [("kind", text % {"column": given[0], "kinds": kinds})]
    if given and "source" not in cells:
        text = _("The cell is empty, but the row has a %(column)s. Say who or what the source was.")
        return [("source", text % {"column": given[0]})]
    return []


def _take_mention(wanted: Wanted, row: int, mention: MentionRow, changes: list[Change]) -> int:
    """Adds the mention, or what it knows more than the same one that is there; which earlier row named that one."""
    at = _place_of(mention, wanted.mentions)
    if at is None:
        wanted.mentioned[len(wanted.mentions)] = row
        wanted.mentions.append(mention)
        changes.append(Change("Mention", "", str(mention)))
        return 0
    old = wanted.mentions[at]
    fuller = old._replace(
        found_on=old.found_on or mention.found_on,
        quotation=old.quotation or mention.quotation,
        link=old.link or mention.link,
    )
    if fuller != old:
        wanted.mentions[at] = fuller
        changes.append(Change("Mention", str(old), str(fuller)))
    earlier = wanted.mentioned.get(at, 0)
    wanted.mentioned.setdefault(at, row)
    return earlier


def _place_of(mention: MentionRow, mentions: Sequence[MentionRow]) -> int | None:
    """Which of `mentions` is the same one; else one of that source that says nothing else, only more or less."""
    wanted = _compared(mention)
    told = [_compared(other) for other in mentions]
    if wanted in told:
        return told.index(wanted)
    for at, other in enumerate(told):
        if other[:2] == wanted[:2] and all(
            not one or not two or one == two for one, two in zip(wanted[2:], other[2:], strict=True)
        ):
            return at
    return None


def _compared(mention: MentionRow) -> tuple[Any, ...]:
    return mention.kind, key(mention.source), mention.found_on, tidy(mention.quotation), mention.link


def _frozen(name: str, wanted: Wanted) -> str:
    old = shorten(as_cell(name, wanted.values[name])) or _("empty")
    return _(
        "The survey has opened and asks about this issue, so this stays “%(old)s”. Write that, or leave the cell empty."
    ) % {"old": old}

"""Contact people of stakeholder groups as a list: its columns, and what a file with it would change.

A person is known by the e-mail address, and where a row gives none, by group and name. The plan is pure: rows in, what
to do out. Twenty thousand rows are usual, so the loop over them does little for a row that is as it should be.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext_lazy

from scoping.lists.cells import LONGEST_EMAIL, CellError, plain_email, read_email, read_language
from scoping.lists.columns import Column
from scoping.lists.hints import did_you_mean
from scoping.lists.plan import Action, Change, Fact, Plan, contradiction, too_long
from scoping.lists.sources import ListFile, Row
from scoping.wording import enumerated
from tables.names import key, tidy
from tables.problems import shorten

COLUMNS = (
    Column(
        "group", gettext_noop("Group"), gettext_noop("The stakeholder group, by its name or its code."), required=True,
        others=("stakeholder group", "stakeholder", "stakeholders", "group name", "group code", "利益相关方",
                "利益相关方群体", "利益相关方组别", "相关方", "群体", "组别", "分组"),
    ),
    Column(
        "name", gettext_noop("Name"), gettext_noop("As you address the person."), limit=200,
        shown=pgettext_lazy("of a person", "Name"),
        others=("full name", "contact", "contact name", "contact person", "person", "姓名", "名字", "联系人"),
    ),
    Column(
        "email", gettext_noop("E-mail"),
        gettext_noop("One address; it is how a person is recognised when you import again."), limit=LONGEST_EMAIL,
        others=("mail", "e-mail address", "mail address", "邮箱", "电子邮箱", "邮箱地址", "电子邮件", "邮件",
                "邮件地址"),
    ),
    Column(
        "employer", gettext_noop("Employer"), gettext_noop("The organisation that the person speaks for."), limit=200,
        others=("organisation", "organization", "company", "institution", "单位", "公司", "工作单位", "所在单位",
                "机构"),
    ),
    Column(
        "role", gettext_noop("Role"), gettext_noop("What the person does there."), limit=200,
        others=("position", "job title", "title", "function", "职务", "职位", "岗位", "角色"),
    ),
    Column(
        "language", gettext_noop("Language"), gettext_noop("A code such as en or zh-Hans, or the usual name."),
        others=("lang", "locale", "preferred language", "语言", "语种"),
    ),
)  # fmt: skip
FIELDS = tuple(column.field for column in COLUMNS)
TITLES = tuple(column.title for column in COLUMNS)
LIMITS = tuple(column.limit for column in COLUMNS)
GROUP, NAME, EMAIL, EMPLOYER, ROLE, LANGUAGE = range(len(FIELDS))
# In messages and hints; so many wrong names of groups need no more of them.
MOST_HINTS = 50
NO_GROUP = gettext_noop("The cell is empty: say which group the person belongs to.")


# What a row says in the order of FIELDS: the group by its id, 0 where the cell is empty; texts.
Fields = list[Any]


class Group(NamedTuple):
    pk: int
    code: str
    name: str


# A contact as the database has it: id, group, name, e-mail, employer, role, language. One who is not there yet has
# the negative number of the row instead of an id. Plain tuples: see scoping.lists.sources.Row.
Known = tuple[Any, ...]


class Person:
    """
    Somebody about whom there is more to say than a row that is new or as before.

    Attributes
    ----------
    pk : the id; 0 for one who is not there yet.
    fields : as in FIELDS, the group by its id.
    row : of the file, where the person was met first.
    first : what that row said.
    said : once a second row is about the same person: by field, which row said what.
    """

    __slots__ = ("changed", "fields", "first", "pk", "row", "said")

    def __init__(self, pk: int, fields: Fields, row: int) -> None:
        self.pk = pk
        self.fields = self.first = fields
        self.row = row
        self.said: dict[int, tuple[int, Any]] = {}
        self.changed = False


@dataclass
class ContactPlan(Plan):
    """`added` and `changed` are what is to be stored; of those who are new the id means nothing."""

    added: list[Known] = field(default_factory=list)
    changed: list[Known] = field(default_factory=list)


def plan_contacts(file: ListFile, *, groups: Sequence[Group], present: Sequence[Known]) -> ContactPlan:
    """What the rows of the file would change. An empty cell changes nothing, and nobody is removed."""
    return _Planner(file, groups, present).plan()


def name_key(name: str) -> str:
    """By which two spellings of a name are the same person's."""
    return name.casefold() if name.isascii() else key(name)


class _Planner:
    """
    Attributes
    ----------
    known : everybody, those who are there first; a person's place in it is their number here.
    met : the row that is about each of them, 0 for none yet.
    people : those who need more than that.
    """

    def __init__(self, file: ListFile, groups: Sequence[Group], present: Sequence[Known]) -> None:
        self.file = file
        self.groups = {group.pk: group.name for group in groups}
        # By the cell as it stands in the file. A name counts more than a code that reads the same.
        self.group_of: dict[str, Any] = {"": 0}
        self.known_groups = {key(group.code): group.pk for group in groups}
        self.known_groups |= {key(group.name): group.pk for group in groups}
        self.language_of: dict[str, Any] = {"": ""}
        self.hints = 0
        self.known = list(present)
        self.met = [0] * len(present)
        self.people: dict[int, Person] = {}
        self.by_email = {known[1 + EMAIL].casefold(): at for at, known in enumerate(present) if known[1 + EMAIL]}
        self.without_email: dict[tuple[int, str], list[int]] = defaultdict(list)
        for at, known in enumerate(present):
            if not known[1 + EMAIL]:
                self.without_email[known[1 + GROUP], name_key(known[1 + NAME])].append(at)
        self.made = ContactPlan(titles=tuple(title for title in TITLES if title != "Name"))

    def plan(self) -> ContactPlan:
        later = self.with_email()
        if later:
            self.by_name(later)
            self.made.lines.sort(key=itemgetter(0))
        self.finish()
        return self.made

    def with_email(self) -> list[Row]:
        """Everybody with an address; hands back the rows without one, which can only be told by name."""
        group_of, language_of, by_email, met = self.group_of, self.language_of, self.by_email, self.met
        names, without_email, is_plain, known = self.groups, self.without_email, plain_email, self.known
        new, keep = Action.ADD.value, Action.KEEP.value
        say, later = self.made.lines.append, []
        for row in self.file.rows:
            number, cells = row
            group_cell, name, email, employer, role, language_cell = cells
            group, language = group_of.get(group_cell), language_of.get(language_cell)
            if (
                group is None or language is None or len(name) > 200 or len(employer) > 200 or len(role) > 200
                or (email and (len(email) > LONGEST_EMAIL or not is_plain(email)))
            ):  # fmt: skip
                if self.refused(number, cells):
                    continue
                group, language = group_of[group_cell], language_of[language_cell]
            if not email:
                later.append(row)
                continue
            address = email.casefold()
            at = by_email.get(address)
            if at is None and without_email and name:
                # Known by name so far, and this is the address.
                namesakes = without_email.get((group, name_key(name)), ())
                if len(namesakes) == 1:
                    at = by_email[address] = namesakes.pop()
            if at is not None:
                if met[at] or known[at][1:] != (group, name, email, employer, role, language):
                    self.meet(at, number, [group, name, email, employer, role, language])
                else:
                    met[at] = number
                    say((number, keep, name or email, (), (), "", ""))
            elif group:
                by_email[address] = len(known)
                known.append((-number, group, name, email, employer, role, language))
                met.append(number)
                say((number, new, name or email, (names[group], email, employer, role, language), (), "", ""))
            else:
                self.problem(number, GROUP, name or email, _(NO_GROUP))
        return later

    def by_name(self, rows: Sequence[Row]) -> None:
        """Everybody without an address, among all who are there or were added by now."""
        namesakes: dict[tuple[int, str], list[int]] = defaultdict(list)
        for at in range(len(self.known)):
            fields = self.fields(at)
            if fields[NAME]:
                namesakes[fields[GROUP], name_key(fields[NAME])].append(at)
        for number, cells in rows:
            fields = [self.group_of[cells[GROUP]], *cells[NAME:LANGUAGE], self.language_of[cells[LANGUAGE]]]
            group, name = fields[GROUP], fields[NAME]
            if not group:
                self.problem(number, GROUP, name, _(NO_GROUP))
                continue
            if not name:
                self.problem(number, NAME, "", _("The cell is empty, and so is the e-mail: give one of the two."))
                continue
            candidates = namesakes[group, name_key(name)]
            if len(candidates) > 1:
                candidates = [at for at in candidates if not self.fields(at)[EMAIL]] or candidates
            if len(candidates) > 1:
                note = _(
                    "The cell is empty, and %(n)s contacts of %(group)s are called %(name)s: give the address of the "
                    "one "
                    "that is meant, or add to the name what tells them apart."
                ) % {"n": len(candidates), "group": self.groups[group], "name": shorten(name)}
                self.problem(number, EMAIL, name, note)
            elif candidates:
                self.meet(candidates[0], number, fields)
            else:
                namesakes[group, name_key(name)].append(len(self.known))
                self.known.append((-number, *fields))
                self.met.append(number)
                self.made.say(number, Action.ADD, name, values=(self.groups[group], *fields[EMAIL:]))

    def meet(self, at: int, row: int, fields: Fields) -> None:
        """A row about somebody who is there, or whom an earlier row has named."""
        repeats = self.met[at]
        person = self.people.get(at)
        if person is None:
            pk, *present = self.known[at]
            person = self.people[at] = Person(max(pk, 0), present, repeats or row)
            if not repeats:
                person.first = fields
        self.met[at] = person.row
        if repeats and self.contradicts(person, row, fields):
            return
        changes = self.changes(person, fields, repeats > 0)
        name = person.fields[NAME] or person.fields[EMAIL]
        if not changes:
            action = Action.REPEAT if repeats else Action.KEEP
            self.made.say(row, action, name, note=_("Repeats row %(row)s.") % {"row": repeats} if repeats else "")
            return
        person.changed = True
        action = Action.CHANGE if person.pk else Action.ADD
        note = _("The same person as in row %(row)s.") % {"row": repeats} if repeats else ""
        self.made.say(row, action, name, changes=changes, note=note)

    def changes(self, person: Person, fields: Fields, repeats: bool) -> tuple[Change, ...]:
        """Takes over what is new."""
        changes = []
        present, person.fields = person.fields, person.fields.copy()
        for at, (old, new) in enumerate(zip(present, fields, strict=True)):
            # The same address in other letters is the same address.
            if not new or new == old or (at == EMAIL and old):
                continue
            if at == GROUP:
                changes.append(Change(TITLES[at], self.groups[old], self.groups[new]))
            # A second spelling within the file changes nothing.
            elif new == tidy(old) or (repeats and old and name_key(new) == name_key(old)):
                continue
            else:
                changes.append(Change(TITLES[at], old, new))
            person.fields[at] = new
        return tuple(changes)

    def contradicts(self, person: Person, row: int, fields: Fields) -> bool:
        """Whether this row says something else than an earlier one; empty cells say nothing."""
        said = person.said = person.said or {at: (person.row, text) for at, text in enumerate(person.first) if text}
        found = False
        for at, text in enumerate(fields):
            if not text:
                continue
            earlier, before = said.setdefault(at, (row, text))
            if text == before or (at != GROUP and name_key(text) == name_key(before)):
                continue
            here, there = (self.groups[text], self.groups[before]) if at == GROUP else (text, before)
            self.problem(row, at, person.fields[NAME] or person.fields[EMAIL], contradiction(here, earlier, there))
            found = True
        return found

    def fields(self, at: int) -> Fields:
        """The person as planned by now."""
        return self.people[at].fields if at in self.people else list(self.known[at][1:])

    def refused(self, row: int, cells: tuple[str, ...]) -> bool:
        """Whether the row has a cell that cannot be stored. Remembers what groups and languages are called."""
        problems = [
            (at, too_long(cells[at], LIMITS[at])) for at in (NAME, EMPLOYER, ROLE) if len(cells[at]) > LIMITS[at]
        ]
        if cells[GROUP] not in self.group_of:
            self.group_of[cells[GROUP]] = self.known_groups.get(key(cells[GROUP]))
        if self.group_of[cells[GROUP]] is None:
            problems.append((GROUP, self.no_group(cells[GROUP])))
        try:
            if cells[EMAIL]:
                read_email(cells[EMAIL])
        except CellError as error:
            problems.append((EMAIL, str(error)))
        try:
            self.language_of[cells[LANGUAGE]] = read_language(cells[LANGUAGE]) if cells[LANGUAGE] else ""
        except CellError as error:
            problems.append((LANGUAGE, str(error)))
        for at, text in sorted(problems):
            self.problem(row, at, cells[NAME] or cells[EMAIL], text)
        return bool(problems)

    def no_group(self, cell: str) -> str:
        self.hints += 1
        hint = did_you_mean(cell, self.groups.values()) if self.hints <= MOST_HINTS else ""
        return _("“%(text)s” is not a stakeholder group of this assessment.%(hint)s") % {
            "text": shorten(cell, 40),
            "hint": hint,
        }

    def problem(self, row: int, at: int, name: str, text: str) -> None:
        self.made.say(row, Action.PROBLEM, name, note=text, column=TITLES[at])

    def finish(self) -> None:
        """What is to be stored, and how much it is."""
        made, people = self.made, self.people
        present = sum(known[0] > 0 for known in self.known)
        new = range(present, len(self.known))
        made.added = [(0, *people[at].fields) if at in people else self.known[at] for at in new]
        altered = [person for at, person in people.items() if person.changed and at < present]
        made.changed = [(person.pk, *person.fields) for person in altered]
        absent = self.met[:present].count(0)
        made.facts = [
            Fact(gettext_noop("New"), len(made.added)),
            Fact(gettext_noop("Changed"), len(made.changed)),
            Fact(gettext_noop("Unchanged"), present - absent - len(made.changed)),
        ]
        if self.hints:
            names = enumerated([shorten(name, 40) for name in self.groups.values()]) or _("none yet")
            made.notices.append(_("The stakeholder groups are: %(names)s.") % {"names": names})
        if absent:
            made.notices.append(
                ngettext(
                    "%(n)s contact that the file does not name stays as it is. An import removes nobody.",
                    "%(n)s contacts that the file does not name stay as they are. An import removes nobody.",
                    absent,
                )
                % {"n": f"{absent:,}"}
            )

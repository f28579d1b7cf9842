"""From a table and a mapping to the numbers that would be stored: groups, issues, ratings. Pure, so that a dry run
shows exactly what an import does.

Nothing of a respondent but group and ratings goes on from here, except a digest by which the same row is
recognised at a second import.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from operator import itemgetter

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from surveys.imports.advice import IN_MAPPING, Advice
from surveys.imports.columns import ChosenColumns, ItemColumn, choose_columns
from surveys.imports.mapping import DEFAULT_SCALE, ResponseMapping, Scale
from surveys.imports.problems import AnswerError
from surveys.imports.scales import rating_number, read_number
from surveys.imports.source import Row, Table
from surveys.imports.states import states_of
from surveys.imports.tools import identifies
from tables.names import key, plain, tidy
from tables.problems import shorten

NO_ANSWER = 0
MAX_GROUPS = 50
MAX_GROUP_NAME = 120
# So many different texts that are no ratings come from a column that is none.
MAX_UNREAD = 500


@dataclass(frozen=True)
class PlannedGroup:
    name: str
    internal: bool
    respondents: int


@dataclass(frozen=True)
class PlannedItem:
    """An issue and the column that rates it; `answers` counts the ratings."""

    name: str
    column: str
    answers: int


@dataclass(frozen=True)
class Reading:
    """What a text of the file becomes: a rating, or no answer (0), and how often it stands there."""

    text: str
    rating: int
    times: int


@dataclass(frozen=True)
class LeftOut:
    """Rows that are not imported, and why; `first` names some of them."""

    reason: str
    rows: int
    first: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class ImportPlan:
    """What an import stores.

    Attributes
    ----------
    ratings : (respondents, items) uint8, 0 = no answer.
    group_of : (respondents,) index into `groups`.
    fingerprints : for each respondent, a digest of the whole row and of how many equal rows came before it.
    """

    file_name: str
    reading_facts: str
    scale: Scale
    groups: tuple[PlannedGroup, ...]
    items: tuple[PlannedItem, ...]
    ratings: NDArray[np.uint8]
    group_of: NDArray[np.intp]
    fingerprints: tuple[bytes, ...]
    readings: tuple[Reading, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def respondents(self) -> int:
        return len(self.fingerprints)


def plan_import(
    table: Table, mapping: ResponseMapping, *, scale: Scale | None = None, advice: Advice = IN_MAPPING
) -> ImportPlan:
    """Read every row of the table as the mapping says; `scale` is that of the survey which the answers are for, and
    `advice` says what to do about what does not fit.

    Raises MappingError, SourceError, AnswerError; each names the place.
    """
    if scale and mapping.scale and scale != mapping.scale:
        raise mapping.wrong(
            "ratings", "scale",
            f"says {mapping.scale[0]} to {mapping.scale[1]}, but the survey was opened with {scale[0]} to {scale[1]}. "
            "Answers of one survey share its scale: convert them with [ratings] labels.",
        )  # fmt: skip
    columns = choose_columns(table, mapping)
    intake = _Intake(table, mapping, columns, scale or mapping.scale or DEFAULT_SCALE, advice)
    for row in table.rows():
        intake.take(row)
    return intake.plan()


@dataclass
class _Unread:
    """A text that is no rating: how often, and where first."""

    times: int = 0
    places: list[str] = field(default_factory=list)


class _Ratings(dict[str, int]):
    """Cell text -> rating, worked out once for each distinct text. UNREAD for what cannot be read."""

    UNREAD = -1

    def __init__(self, mapping: ResponseMapping, scale: Scale) -> None:
        super().__init__()
        self.mapping, self.scale = mapping, scale

    def __missing__(self, text: str) -> int:
        rating = self[text] = self.read(text)
        return rating

    def read(self, text: str) -> int:
        name = key(text)
        if name in self.mapping.no_answer:
            return NO_ANSWER
        number = read_number(name, self.mapping.labels, self.scale)
        return self.UNREAD if number is None else number


class _Intake:
    """Takes rows one by one; what it holds at the end is the plan."""

    def __init__(
        self, table: Table, mapping: ResponseMapping, columns: ChosenColumns, scale: Scale, advice: Advice
    ) -> None:
        self.table, self.mapping, self.columns, self.scale, self.advice = table, mapping, columns, scale, advice
        self.states = states_of(table)
        low, high = scale
        if wrong := next(((text, step) for text, step in mapping.labels.items() if not low <= step <= high), None):
            raise mapping.wrong("ratings", "labels", f'"{wrong[0]}" = {wrong[1]} is outside the scale {low} to {high}.')
        indexes = [item.column.index for item in columns.items]
        only = indexes[0]
        self.cells_of = itemgetter(*indexes) if len(indexes) > 1 else lambda cells: (cells[only],)
        self.read = _Ratings(mapping, scale)
        self.texts: Counter[str] = Counter()
        self.unread: dict[str, _Unread] = {}
        self.ratings = bytearray()
        self.group_of: list[int] = []
        self.fingerprints: list[bytes] = []
        self.seen: dict[bytes, int] = {}
        self.groups: dict[str, str] = {}  # key -> name, in order of appearance
        self.number_of: dict[str, int] = {}  # cell text -> number of its group
        self.spellings: dict[str, set[str]] = {}
        self.unrated: list[int] = []
        self.ungrouped: list[int] = []
        self.trials: list[int] = []
        self.unfinished = 0
        self.rows = 0

    def take(self, row: Row) -> None:
        self.rows += 1
        if self.states.is_trial(row.cells):
            self.trials.append(row.number)
            return
        texts = self.cells_of(row.cells)
        self.texts.update(texts)
        ratings = [self.read[text] for text in texts]
        if _Ratings.UNREAD in ratings:
            self.note_unread(row, texts, ratings)
        elif not any(ratings):
            self.unrated.append(row.number)
        elif (group := self.group_number(row)) is None:
            self.ungrouped.append(row.number)
        else:
            self.ratings += bytes(ratings)
            self.group_of.append(group)
            self.fingerprints.append(self.fingerprint(row.cells))
            self.unfinished += self.states.is_unfinished(row.cells)

    def note_unread(self, row: Row, texts: tuple[str, ...], ratings: list[int]) -> None:
        for item, text, rating in zip(self.columns.items, texts, ratings, strict=True):
            if rating == _Ratings.UNREAD:
                unread = self.unread.setdefault(plain(text), _Unread())
                unread.times += 1
                if len(unread.places) < 3:
                    unread.places.append(f"{row}, {item.column}")
        if len(self.unread) > MAX_UNREAD:
            self.refuse_unread()

    def group_number(self, row: Row) -> int | None:
        """The number of the respondent's group; None when it is not known and has no name for that."""
        column = self.columns.group
        text = row.cells[column.index] if column else ""
        number = self.number_of.get(text)
        if number is not None:
            return number
        name = self.mapping.group_name or self.mapping.group_names.get(key(text), tidy(text))
        if key(name) in self.mapping.no_answer:
            name = self.mapping.unstated or ""
        if not name:
            return None
        if len(name) > MAX_GROUP_NAME:
            raise AnswerError(
                f"{self.table.name}, {row}, {column}: a stakeholder group cannot have a name of {len(name)} "
                f'characters ("{shorten(name)}"). Is this the column that says who a respondent is?'
            )
        if identifies(name):
            raise AnswerError(
                f"{self.table.name}, {row}, {column}: this is the address of a person or a device, which is never "
                "stored, and no stakeholder group. Choose another column under [group] column."
            )
        self.groups.setdefault(key(name), name)
        if len(self.groups) > MAX_GROUPS:
            some = ", ".join(f'"{shorten(group, 30)}"' for group in list(self.groups.values())[:5])
            raise self.mapping.wrong(
                "group", "column",
                f"{column} holds more than {MAX_GROUPS} different texts ({some}, ...), so it is not a group.",
            )  # fmt: skip
        self.spellings.setdefault(key(name), set()).add(name)
        self.number_of[text] = list(self.groups).index(key(name))
        return self.number_of[text]

    def fingerprint(self, cells: list[str]) -> bytes:
        content = hashlib.sha256("\0".join(cells).rstrip("\0").encode("utf-8", "surrogatepass")).digest()
        earlier = self.seen.get(content, 0)
        self.seen[content] = earlier + 1
        return content + earlier.to_bytes(4, "big")

    def plan(self) -> ImportPlan:
        self.refuse_unread()
        self.refuse_nothing()
        width = len(self.columns.items)
        ratings = np.frombuffer(bytes(self.ratings), dtype=np.uint8).reshape(-1, width)
        group_of = np.array(self.group_of, dtype=np.intp)
        order, internal, notices = self.ordered_groups()
        answers = np.count_nonzero(ratings, axis=0)
        respondents = np.bincount(group_of, minlength=len(self.groups))
        names = list(self.groups.values())
        place = np.empty(len(order), dtype=np.intp)
        place[order] = np.arange(len(order))
        return ImportPlan(
            file_name=self.table.name,
            reading_facts=_("%(facts)s, %(rows)s rows of answers")
            % {"facts": self.table.reading_facts, "rows": f"{self.rows:,}"},
            scale=self.scale,
            groups=tuple(PlannedGroup(names[old], internal[old], int(respondents[old])) for old in order),
            items=tuple(
                PlannedItem(item.name, item.column.letters, int(count))
                for item, count in zip(self.columns.items, answers, strict=True)
            ),
            ratings=ratings,
            group_of=place[group_of],
            fingerprints=tuple(self.fingerprints),
            readings=self.readings(),
            left_out=self.left_out(),
            notices=(*notices, *self.unfinished_ones(), *_unrated_items(self.columns.items, answers)),
        )

    def refuse_unread(self) -> None:
        if not self.unread:
            return
        low, high = self.scale
        lines = []
        for text, unread in sorted(self.unread.items(), key=lambda entry: -entry[1].times)[:20]:
            more = "; ..." if unread.times > len(unread.places) else ""
            told = {
                "text": shorten(text),
                "low": low,
                "high": high,
                "times": f"{unread.times:,}",
                "places": "; ".join(unread.places) + more,
            }
            number = rating_number(text)
            if number is not None and low <= number <= high:
                line = ngettext(
                    '"%(text)s" has no label, but the labels shift other numbers: once, in %(places)s',
                    '"%(text)s" has no label, but the labels shift other numbers: %(times)s times, in %(places)s',
                    unread.times,
                )
            elif number is not None:
                line = ngettext(
                    '"%(text)s" is outside the scale %(low)d to %(high)d: once, in %(places)s',
                    '"%(text)s" is outside the scale %(low)d to %(high)d: %(times)s times, in %(places)s',
                    unread.times,
                )
            else:
                line = ngettext(
                    '"%(text)s" is not a rating: once, in %(places)s',
                    '"%(text)s" is not a rating: %(times)s times, in %(places)s',
                    unread.times,
                )
            lines.append(f"  {line % told}")
        if len(self.unread) > 20:
            lines.append("  " + _("and %(n)s other texts") % {"n": f"{len(self.unread) - 20:,}"})
        known = _(", ").join(f'"{label}" = {rating}' for label, rating in self.mapping.labels.items()) or _("none")
        empty = _(", ").join(f'"{text}"' for text in sorted(self.mapping.no_answer))
        head = _("%(file)s: some answers cannot be read as ratings; nothing was imported.") % {"file": self.table.name}
        tail = _("Known are the numbers %(low)d to %(high)d, the labels %(labels)s, and no answer %(no_answer)s.") % {
            "low": low, "high": high, "labels": known, "no_answer": empty
        }  # fmt: skip
        raise AnswerError("\n".join((head, *lines, tail, str(self.advice.unread))))

    def refuse_nothing(self) -> None:
        if self.fingerprints:
            return
        if not self.rows:
            raise AnswerError(
                _("%(file)s: there is a header, but no row of answers below it.") % {"file": self.table.name}
            )
        reasons = "; ".join(
            _("%(n)s rows: %(reason)s") % {"n": f"{left.rows:,}", "reason": left.reason} for left in self.left_out()
        )
        raise AnswerError(
            _("%(file)s: no row can be imported (%(reasons)s).") % {"file": self.table.name, "reasons": reasons}
        )

    def ordered_groups(self) -> tuple[list[int], list[bool], list[str]]:
        """Numbers of the groups in the order in which they are shown: the internal ones as the mapping lists them, then
        the others by name, those who did not say last.
        """
        wanted = {key(name): place for place, name in enumerate(self.mapping.internal)}
        keys = list(self.groups)
        internal = [name in wanted for name in keys]
        notices = []
        for name in self.mapping.internal:
            if key(name) in self.groups:
                continue
            others = [group for group in keys if group not in wanted]
            if near := get_close_matches(key(name), others, n=1, cutoff=0.75):
                raise self.mapping.wrong(
                    "group", "internal",
                    f'no respondent is of the group "{name}". Did you mean "{self.groups[near[0]]}"?',
                )  # fmt: skip
            notices.append(_('No respondent is of the internal group "%(group)s".') % {"group": name})
        if not any(internal):
            notices.append(
                _("No group is internal, so importance to the company stays empty: %(advice)s.")
                % {"advice": self.advice.internal}
            )
        elif all(internal):
            notices.append(_("Every group is internal, so importance to stakeholders stays empty."))
        for name, spellings in self.spellings.items():
            if len(spellings) > 1:
                told = {"group": self.groups[name], "spellings": _(", ").join(sorted(spellings))}
                notices.append(_('Counted together as "%(group)s": %(spellings)s.') % told)
        last = key(self.mapping.unstated) if self.mapping.unstated else None
        order = sorted(
            range(len(keys)), key=lambda old: (wanted.get(keys[old], len(wanted)), keys[old] == last, keys[old])
        )
        return order, internal, notices

    def readings(self) -> tuple[Reading, ...]:
        times: Counter[str] = Counter()
        ratings: Mapping[str, int] = {plain(text): self.read[text] for text in self.texts}
        for text, count in self.texts.items():
            times[plain(text)] += count
        return tuple(
            Reading(text, rating, times[text])
            for text, rating in sorted(ratings.items(), key=lambda entry: (-entry[1], -times[entry[0]]))
        )

    def unfinished_ones(self) -> list[str]:
        if not self.unfinished:
            return []
        told = ngettext(
            "%(n)s of the answers was not finished by its respondent. It is counted as far as it goes.",
            "%(n)s of the answers were not finished by their respondents. They are counted as far as they go.",
            self.unfinished,
        )
        return [told % {"n": f"{self.unfinished:,}"}]

    def left_out(self) -> tuple[LeftOut, ...]:
        column = self.columns.group
        ungrouped = _("no answer in %(column)s; %(advice)s") % {"column": column, "advice": self.advice.unstated}
        trials = _("a preview, a test or spam by its Status")
        reasons = ((trials, self.trials), (_("not one issue rated"), self.unrated), (ungrouped, self.ungrouped))
        return tuple(LeftOut(reason, len(rows), tuple(rows[:5])) for reason, rows in reasons if rows)


def _unrated_items(items: tuple[ItemColumn, ...], answers: NDArray[np.intp]) -> list[str]:
    return [
        _('Nobody rated "%(issue)s".') % {"issue": item.name}
        for item, count in zip(items, answers, strict=True)
        if not count
    ]

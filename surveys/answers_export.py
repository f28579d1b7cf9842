"""Answers and comments as CSV, a piece at a time: memory does not grow with the number of answers.

Of an anonymous or confidential survey the file is to be had when it is closed, and tells nothing of an order of
arrival: rows stand in the order of their random keys, without the keys. Groups that results count as one stand under
one label (surveys/joining.py), other groups of fewer than k people are left out, and so are profile answers that fewer
than k people under a label have in common.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Count
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from numpy.typing import NDArray

from scoping.models import StakeholderGroup
from scoping.wording import listed
from surveys.commenting import SMALL_GROUP, commenting_groups
from surveys.frozen import FrozenQuestionnaire, read_frozen
from surveys.joining import joined_groups
from surveys.models import Anonymity, Comment, CommentKind, Exclusion, GroupTally, Response, Survey, SurveyState
from surveys.release import may_end
from surveys.rows import MisshapenAnswer
from surveys.selectors import GroupProgress, progress_by_group, questionnaire_of, tallies_of
from surveys.withholding import smallest_group
from tables.writing import inert

# Excel takes a file for UTF-8 by this mark.
MARK = "\ufeff"
NOT_OPENED = gettext_noop("The survey has not been opened, so there are no answers. Open it on the Survey page.")
STILL_OPEN = gettext_noop(
    "The survey takes answers. Two files a few answers apart would show what these few people said, so answers can be "
    "downloaded when it is closed."
)
NOT_COUNTED = gettext_noop(
    "Some answers are not counted yet, and which groups stand under one label depends on the count. It is made in the "
    "background: try again in a moment."
)
_FETCHED_AT_ONCE = 5_000


class NotYet(Exception):
    """The file cannot be had now; the text says why and what to do."""


@dataclass(frozen=True)
class AnswersExport:
    """A file of answers that may be made.

    Attributes
    ----------
    labels : of each group in the file, by its id, what stands there for it.
    together : those that share a label, since results count them as one.
    left_out : those that are not in the file, for with them it would tell of fewer than `k` people.
    """

    survey: Survey
    frozen: FrozenQuestionnaire
    labels: dict[int, str]
    together: list[list[StakeholderGroup]]
    left_out: list[StakeholderGroup]
    answers: int
    k: int

    @property
    def identified(self) -> bool:
        return self.survey.anonymity == Anonymity.IDENTIFIED

    @property
    def with_seconds(self) -> bool:
        return self.survey.anonymity != Anonymity.ANONYMOUS

    @property
    def header(self) -> list[str]:
        people = ["name", "address"] if self.identified else []
        seconds = ["seconds"] if self.with_seconds else []
        profile = [question.code for question in self.frozen.content.profile]
        items = [item.field for item in self.frozen.items]
        return ["group", "simulated", "left_out", *people, *items, *seconds, *profile]


def answers_export(survey: Survey) -> AnswersExport:
    """What the file of answers would hold.

    Raises
    ------
    NotYet
        Before the survey was opened; of answers that are not identified also while it takes them, and until they are
        counted.
    """
    questionnaire = questionnaire_of(survey)
    if questionnaire is None:
        raise NotYet(_(NOT_OPENED))
    _require_ended(survey)
    k = smallest_group(survey)
    progress = progress_by_group(survey)
    # Before the tallies are read: what is counted after that is in them.
    if k > 1 and any(one.waiting for one in progress):
        raise NotYet(_(NOT_COUNTED))
    people, everybody = _received(survey, progress)
    groups = {group.pk: group for group in survey.assessment.groups.all() if everybody[group.pk]}
    folded = tallies_of(survey.assessment) if k > 1 else None
    late = _late(questionnaire.pk, k) if k > 1 else set()
    together = joined_groups(folded) if folded else []
    # Results tell of late ones what was there before: without the late one's rows, those of the others would suffice
    # to work that out.
    too_late = [joined for joined in together if any(group.pk in late for group in joined)]
    together = [joined for joined in together if joined not in too_late]
    late |= {group.pk for joined in too_late for group in joined}
    labels = {group.pk: f"{listed([each.name for each in joined])} together" for joined in together for group in joined}
    small = {pk for pk in groups if pk not in labels and (0 < people[pk] < k or pk in late)}
    labels = {pk: labels.get(pk, group.name) for pk, group in groups.items() if pk not in small}
    return AnswersExport(
        survey=survey,
        frozen=read_frozen(questionnaire),
        labels=labels,
        together=together,
        left_out=[group for pk, group in groups.items() if pk in small],
        answers=sum(everybody[pk] for pk in labels),
        k=k,
    )


def _received(survey: Survey, progress: Sequence[GroupProgress]) -> tuple[Counter[int], Counter[int]]:
    """Answers stored by group: those of people, and all. From the tallies; counting a million rows takes seconds."""
    people: Counter[int] = Counter()
    everybody: Counter[int] = Counter()
    for one in progress:
        everybody[one.group.pk] += one.answers + one.set_aside
        people[one.group.pk] += one.people
    excluded = Response.objects.filter(exclusion__survey=survey).order_by().values_list("group_id", "simulated")
    for group_id, simulated, number in excluded.annotate(number=Count("pk")):
        everybody[group_id] += number
        people[group_id] += 0 if simulated else number
    return people, everybody


def _late(questionnaire_id: int, k: int) -> set[int]:
    """Groups with a few answers that came after the end was shown: with them, this file less an earlier one is those
    few people's answers. Answers that were left out of the count are in every file, and are not late."""
    tallies = GroupTally.objects.filter(questionnaire=questionnaire_id, simulated=False)
    return {row.group_id for row in tallies if any(row.moved) and not may_end(row, k=k)}


def _require_ended(survey: Survey) -> None:
    if survey.state == SurveyState.DRAFT:
        raise NotYet(_(NOT_OPENED))
    if survey.anonymity != Anonymity.IDENTIFIED and survey.takes_answers(timezone.now()):
        raise NotYet(_(STILL_OPEN))


def answers_csv(export: AnswersExport) -> Iterator[str]:
    """The file in pieces of some thousand rows. A rating is a score on the questionnaire's scale; what was not rated,
    or not asked of the group, is empty.

    Raises
    ------
    MisshapenAnswer
        If a stored answer does not fit its questionnaire, before anything of its piece is given.
    """
    yield MARK + _line(export.header)
    start_of, end_of = _starts(export), _ends(export)
    table = _score_table(export.frozen.high)
    width = len(export.frozen.items) * table.shape[1]
    for rows, packed in pieces_of(export):
        # All scores of the piece as one text, in which every row has the same width.
        scores = table[packed].tobytes().decode("ascii")
        places = range(0, len(scores), width)
        lines = [
            f"{start_of(row)}{scores[place : place + width]}{end_of(row)}"
            for row, place in zip(rows, places, strict=True)
        ]
        yield "".join(lines).replace(_FILL, "")


def pieces_of(export: AnswersExport) -> Iterator[tuple[list["Row"], NDArray[np.uint8]]]:
    """The stored answers of the file, some thousand at once: their rows as `_statement` asks for them, and
    (rows, items) their ratings.

    Raises
    ------
    MisshapenAnswer
        As `answers_csv` does.
    """
    items = len(export.frozen.items)
    with connection.chunked_cursor() as cursor:
        cursor.execute(*_statement(export))
        while rows := cursor.fetchmany(_FETCHED_AT_ONCE):
            packed = np.frombuffer(b"".join([row[3] for row in rows]), np.uint8)
            if packed.size != len(rows) * items:
                raise MisshapenAnswer("Some answers have another number of ratings than the questionnaire has issues.")
            yield rows, packed.reshape(len(rows), items)


# Makes scores equally wide, and is taken out again; no text in a database holds it.
_FILL = "\0"


def _score_table(high: int) -> NDArray[np.uint8]:
    """(256, width) What each byte of an answer becomes: a comma and its digits, filled up; a comma alone for 0."""
    texts = [f",{value}" if 0 < value <= high else "," for value in range(256)]
    width = max(map(len, texts))
    return np.frombuffer("".join(text.ljust(width, _FILL) for text in texts).encode(), np.uint8).reshape(256, width)


def _statement(export: AnswersExport) -> tuple[str, list[Any]]:
    """What asks for the rows: group, simulated, exclusion, ratings, and what else the header names."""
    columns = ["r.group_id", "r.simulated", "r.exclusion_id", "r.ratings"]
    people = ""
    if export.identified:
        columns += ["i.name", "i.address"]
        people = (
            "LEFT JOIN surveys_authorship a ON a.response_id = r.id "
            "LEFT JOIN surveys_invitation i ON i.id = a.invitation_id"
        )
    columns += ["r.seconds"] if export.with_seconds else []
    columns += ["r.profile"] if export.frozen.content.profile else []
    # SQLite would visit the rows by the index of groups, out of the order in which they lie.
    scan = "" if connection.vendor == "postgresql" else "NOT INDEXED"
    groups = ", ".join(["%s"] * len(export.labels)) or "NULL"
    return (
        f"SELECT {', '.join(columns)} FROM surveys_response r {scan} {people} "  # noqa: S608
        f"WHERE r.questionnaire_id = %s AND r.group_id IN ({groups}) ORDER BY r.id",
        [export.frozen.id, *export.labels],
    )


Row = tuple[Any, ...]


def _starts(export: AnswersExport) -> Callable[[Row], str]:
    """What makes of a row the cells before the scores. Called a million times, so it only looks things up."""
    reasons = reasons_of(export)
    known: dict[Row, str] = {}

    def start(row: Row) -> str:
        text = known.get(row[:3])
        if text is None:
            group_id, simulated, exclusion_id = row[:3]
            cells = [export.labels[group_id], "yes" if simulated else "", reasons.get(exclusion_id, "")]
            text = known[row[:3]] = ",".join(map(_cell, cells))
        return text

    def start_of_person(row: Row) -> str:
        return f"{start(row)},{_cell(row[4] or '')},{_cell(row[5] or '')}"

    return start_of_person if export.identified else start


def reasons_of(export: AnswersExport) -> dict[int, str]:
    """Why answers do not count, by the id of what left them out."""
    return {one.pk: one.get_flag_display() for one in Exclusion.objects.filter(survey=export.survey)}


def _ends(export: AnswersExport) -> Callable[[Row], str]:
    """What makes of a row the cells after the scores, and the end of the line."""
    with_seconds = export.with_seconds
    place = 6 if export.identified else 4
    profile_of = shared_profile(export) if export.frozen.content.profile else None
    if not with_seconds and profile_of is None:
        return lambda row: "\r\n"

    def end(row: Row) -> str:
        text = ("," if row[place] is None else f",{row[place]}") if with_seconds else ""
        return f"{text}\r\n" if profile_of is None else f"{text},{profile_of.cells(row[0], row[-1])}\r\n"

    return end


@dataclass(frozen=True)
class SharedProfile:
    """Profile answers, by label; those that too few people under the label share stay empty."""

    export: AnswersExport
    shared: frozenset[tuple[str, str]]
    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def values(self, group_id: int, stored: str | None) -> tuple[str | int | None, ...]:
        """One for each profile question: the words of the chosen option, or the number; None where there is none."""
        return self._values(self.export.labels[group_id], json.loads(stored) if stored else None)

    def cells(self, group_id: int, stored: str | None) -> str:
        """The same as cells of a line."""
        profile = json.loads(stored) if stored else None
        key = self.export.labels[group_id], _key(profile)
        text = self.known.get(key)
        if text is None:
            text = ",".join(map(_cell, self._values(key[0], profile)))
            if len(self.known) < _FETCHED_AT_ONCE:
                self.known[key] = text
        return text

    def _values(self, label: str, profile: dict[str, int] | None) -> tuple[str | int | None, ...]:
        told = profile if profile and (self.export.k <= 1 or (label, _key(profile)) in self.shared) else {}
        content = self.export.frozen.content
        values: list[str | int | None] = []
        for question in content.profile:
            value = told.get(question.code)
            option = f"profile.{question.code}.option.{value}"
            is_choice = question.options and value is not None
            values.append(content.text(option, content.languages[0]) if is_choice else value)
        return tuple(values)


def shared_profile(export: AnswersExport) -> SharedProfile:
    """Which profile answers may be told of whom."""
    if export.k <= 1:
        return SharedProfile(export, frozenset())
    found = Response.objects.filter(
        questionnaire=export.frozen.id, group__in=export.labels, profile__isnull=False
    ).order_by()
    shared: dict[tuple[str, str], int] = {}
    # The same answers in another order are one to people and two to a database.
    for group_id, profile, number in found.values_list("group_id", "profile").annotate(number=Count("pk")):
        key = export.labels[group_id], _key(profile)
        shared[key] = shared.get(key, 0) + number
    return SharedProfile(export, frozenset(key for key, number in shared.items() if number >= export.k))


def _key(profile: dict[str, int] | None) -> str:
    return repr(sorted(profile.items())) if profile else ""


def comments_csv(survey: Survey) -> Iterator[str]:
    """Comments apart from the answers: of anonymous ones nobody knows to which answer they belong.

    Raises
    ------
    NotYet
        As `answers_export` does.
    """
    questionnaire = questionnaire_of(survey)
    if questionnaire is None:
        raise NotYet(_(NOT_OPENED))
    _require_ended(survey)
    return _comment_lines(survey, questionnaire.pk)


def _comment_lines(survey: Survey, questionnaire_id: int) -> Iterator[str]:
    kinds = {CommentKind.ISSUE: "issue", CommentKind.OVERALL: "overall", CommentKind.MISSING: "missing"}
    named = commenting_groups(survey)
    yield MARK + _line(["kind", "issue", "group", "text"])
    found = Comment.objects.filter(questionnaire=questionnaire_id).order_by("pk")
    rows = found.values_list("kind", Coalesce("item__code", "kind"), "group_id", "text").iterator(_FETCHED_AT_ONCE)
    for kind, code, group_id, text in rows:
        issue = code if kind == CommentKind.ISSUE else ""
        yield _line([kinds[kind], issue, named.get(group_id, SMALL_GROUP), text])


def _cell(value: str | int | None) -> str:
    """A cell as tables.writing makes it: texts in quotation marks and inert, numbers bare."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    return '"' + str(inert(value)).replace('"', '""').replace(_FILL, "") + '"'


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC).writerow([inert(cell) for cell in cells])
    return text.getvalue()

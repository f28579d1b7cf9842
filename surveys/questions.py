"""The form as a respondent sees it at this moment: questions, what is chosen, what is wrong, how far one is.

Knows no request and no database.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from surveys.answers import LONGEST_COMMENT, MISSING, ON_ISSUE, OVERALL, UNANSWERED, Reading
from surveys.frozen import AskedItem, Sheet, Worded
from surveys.links import AnswerLink
from surveys.models import IssueQuestion


class Choice(NamedTuple):
    """A step of the scale as a form sends it, how a screen reader calls it, and its word where that is repeated."""

    value: str
    label: Worded
    word: str


class Trouble(NamedTuple):
    """Something to look at: the field's place on the page, and what stands there."""

    anchor: str
    name: Worded
    dimension: str = ""


@dataclass(frozen=True)
class Text:
    """Something to write. `field` is empty where it is not asked for."""

    field: str = ""
    value: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Question:
    """An issue to judge. Texts only: a page shows hundreds of them, and numbers would be localised each time.

    Attributes
    ----------
    chosen : the value that is chosen; "0" for "I cannot judge this", empty for none yet.
    problem : what is wrong with the value that came.
    missing : whether to say that there is none.
    """

    number: str
    field: str
    name: Worded
    description: Worded
    dimension: str = ""
    chosen: str = ""
    problem: str = ""
    missing: bool = False
    comment: Text = Text()

    @property
    def is_rated(self) -> bool:
        return self.chosen not in ("", "0")


@dataclass(frozen=True)
class Section:
    """Issues judged for the same importance; one section without a dimension, or one each for both."""

    dimension: str
    questions: list[Question]


@dataclass(frozen=True)
class ProfileField:
    """A question on the respondent. `options` are (value, text); empty for a number."""

    field: str
    text: Worded
    options: tuple[tuple[str, Worded], ...]
    lowest: str
    highest: str
    value: str
    problem: str


@dataclass(frozen=True)
class Form:
    """What to show.

    Attributes
    ----------
    reading : what to fill in; None for an untouched form.
    opened : the signed moment at which it was made; empty where the time it took cannot be told.
    checked : the form was sent and comes back, so what is missing is pointed out.
    outdated : it had been opened before the questionnaire changed.
    refused : why the answer as a whole cannot be counted.
    saved : it was kept for later on request; `comes_back` says whether this browser will find it again.
    changing : sending it changes the answer that was sent.
    overtaken : it was begun before that answer was sent elsewhere, and would take its place.
    kiosk : it stands on a device that many people use.
    """

    link: AnswerLink
    sheet: Sheet
    secret: str
    reading: Reading | None = None
    opened: str = ""
    checked: bool = False
    outdated: bool = False
    refused: str = ""
    saved: bool = False
    comes_back: bool = True
    changing: bool = False
    overtaken: bool = False
    kiosk: bool = False

    @property
    def kind(self) -> str:
        return self.link.questionnaire.kind

    @property
    def longest_comment(self) -> str:
        return str(LONGEST_COMMENT)

    # --- issues -------------------------------------------------------------------------------------------
    @cached_property
    def questions(self) -> list[Question]:
        draft = self.reading.draft if self.reading else b""
        commented: set[str] = set()
        questions = []
        for item in self.sheet.items:
            rating = draft[item.position] if draft else UNANSWERED
            problem = self._problems.get(item.field, "")
            questions.append(
                Question(
                    number=item.number,
                    field=item.field,
                    name=item.name,
                    description=item.description,
                    dimension=item.dimension,
                    chosen="" if rating == UNANSWERED else str(rating),
                    problem=problem,
                    missing=self._points_out_missing and rating == UNANSWERED and not problem,
                    comment=self._comment(item, commented),
                )
            )
        return questions

    @cached_property
    def sections(self) -> list[Section]:
        dimensions = dict.fromkeys(question.dimension for question in self.questions)
        return [
            Section(dimension, [question for question in self.questions if question.dimension == dimension])
            for dimension in dimensions
        ]

    @property
    def issues(self) -> int:
        """How many issues are asked about; with both importances each of them twice."""
        return len(self.sections[0].questions) if self.sections else 0

    @property
    def both(self) -> bool:
        return len(self.sections) > 1

    @cached_property
    def choices(self) -> list[Choice]:
        repeated = self.sheet.spelled
        return [
            Choice(value, word.within(f"{value}, {{}}") if word else Worded(value), word if repeated else "")
            for value, word in self.sheet.steps
        ]

    @property
    def many(self) -> bool:
        """Whether the steps are so many that they take two rows on a narrow phone."""
        return len(self.sheet.steps) > 7

    @property
    def words(self) -> list[tuple[str, Worded]]:
        """The steps of the scale that have a name, and their names."""
        return [(value, word) for value, word in self.sheet.steps if word]

    @property
    def ends(self) -> list[Worded]:
        """What is written under the two ends of the scale."""
        steps = self.sheet.steps
        return [word.within(f"{value} {{}}") if word else Worded(value) for value, word in (*steps[:1], *steps[-1:])]

    @property
    def most(self) -> int:
        """How many issues can be chosen or put in order."""
        return min(self.link.questionnaire.content.choose, self.issues)

    @property
    def places(self) -> list[str]:
        return [str(place) for place in range(1, self.most + 1)]

    @property
    def wanted(self) -> int:
        """How many issues make the form complete."""
        return len(self.questions) if self.kind == IssueQuestion.RATING else self.most

    @property
    def answered(self) -> int:
        return sum(question.chosen != "" for question in self.questions)

    # --- the rest -----------------------------------------------------------------------------------------
    @cached_property
    def profile(self) -> list[ProfileField]:
        return [
            ProfileField(
                question.field,
                question.text,
                question.options,
                "" if question.lowest is None else str(question.lowest),
                "" if question.highest is None else str(question.highest),
                self._text(question.field),
                self._problems.get(question.field, ""),
            )
            for question in self.sheet.profile
        ]

    @cached_property
    def missing_issue(self) -> Text:
        return self._asked(MISSING) if self.link.questionnaire.content.ask_missing else Text()

    @cached_property
    def overall(self) -> Text:
        return self._asked(OVERALL) if self.link.questionnaire.content.comment_overall else Text()

    def _comment(self, item: AskedItem, commented: set[str]) -> Text:
        """With both importances an issue has one comment, where it is asked about first."""
        if not self.link.questionnaire.content.comment_per_issue or item.code in commented:
            return Text()
        commented.add(item.code)
        return self._asked(ON_ISSUE + item.code)

    def _asked(self, field: str) -> Text:
        return Text(field, self._text(field), self._problems.get(field, ""))

    def _text(self, field: str) -> str:
        return self.reading.texts.get(field, "") if self.reading else ""

    # --- what is wrong ------------------------------------------------------------------------------------
    @cached_property
    def _problems(self) -> dict[str, str]:
        return self.reading.problems if self.reading and self.checked else {}

    @property
    def _points_out_missing(self) -> bool:
        return self.checked and self.kind == IssueQuestion.RATING

    @cached_property
    def wrong(self) -> list[Trouble]:
        """What could not be read, in the order of the page."""
        found = []
        for question in self.questions:
            if question.problem:
                found.append(self._trouble(question))
            if question.comment.problem:
                found.append(Trouble(f"t-{question.comment.field}", question.name))
        found += [Trouble(f"q-{field.field}", field.text) for field in self.profile if field.problem]
        texts = (self.missing_issue, self.overall)
        return found + [Trouble(f"t-{text.field}", Worded(text.value[:40])) for text in texts if text.problem]

    @cached_property
    def too_many(self) -> str:
        """That more issues are chosen than can be, once for all of them."""
        chosen = [question for question in self.questions if question.problem and question.is_rated]
        return chosen[0].problem if chosen and self.kind == IssueQuestion.TOP else ""

    @cached_property
    def missing(self) -> list[Trouble]:
        """Issues that were not looked at, once the form was sent."""
        return [self._trouble(question) for question in self.questions if question.missing]

    @property
    def unknown(self) -> list[str]:
        """Names in the form that are no question of this survey, a few of them, short."""
        return [code[:40] for code in self.reading.unknown[:5]] if self.checked and self.reading else []

    @property
    def may_send_anyway(self) -> bool:
        """Leaving issues out is a respondent's right, as long as something is rated."""
        return bool(self.missing) and any(question.is_rated for question in self.questions)

    @staticmethod
    def _trouble(question: Question) -> Trouble:
        name = question.name.within(f"{question.number}. {{}}")
        return Trouble(f"q-{question.field}", name, question.dimension)

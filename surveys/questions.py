"""The form as a respondent sees it at this moment: questions, what is chosen, what is wrong, how far one is.

Knows no request and no database.
"""

from dataclasses import dataclass
from functools import cached_property

from surveys.answers import UNANSWERED, Reading
from surveys.frozen import FrozenItem
from surveys.links import PublicLink


@dataclass(frozen=True)
class Choice:
    """A step of the scale, and how a screen reader calls it."""

    value: int
    label: str


@dataclass(frozen=True)
class Question:
    number: int
    item: FrozenItem
    rating: int | None
    problem: str = ""
    missing: bool = False

    @property
    def cannot_judge(self) -> bool:
        return self.rating == 0


@dataclass(frozen=True)
class Form:
    """What to show.

    Attributes
    ----------
    reading : the ratings to fill in; None for an untouched form.
    checked : the form was sent and comes back, so what is missing is pointed out.
    outdated : it had been opened before the questionnaire changed.
    refused : why the answer as a whole cannot be counted.
    saved : it was kept for later on request; `comes_back` says whether this browser will find it again.
    """

    link: PublicLink
    secret: str
    reading: Reading | None = None
    checked: bool = False
    outdated: bool = False
    refused: str = ""
    saved: bool = False
    comes_back: bool = True

    @cached_property
    def questions(self) -> list[Question]:
        items = self.link.questionnaire.items
        draft = self.reading.draft if self.reading else bytes([UNANSWERED]) * len(items)
        problems = self.reading.problems if self.reading and self.checked else {}
        questions = []
        for item, rating in zip(items, draft, strict=True):
            problem = problems.get(item.code, "")
            missing = self.checked and rating == UNANSWERED and not problem
            chosen = None if rating == UNANSWERED else rating
            questions.append(Question(item.position + 1, item, chosen, problem, missing))
        return questions

    @cached_property
    def choices(self) -> list[Choice]:
        questionnaire = self.link.questionnaire
        words = ((value, questionnaire.word(value)) for value in questionnaire.scale)
        return [Choice(value, f"{value}, {word}" if word else str(value)) for value, word in words]

    @property
    def ends(self) -> tuple[str, str]:
        """What is written under the two ends of the scale."""
        questionnaire = self.link.questionnaire
        low, high = questionnaire.low, questionnaire.high
        return f"{low} {questionnaire.word(low)}", f"{high} {questionnaire.word(high)}"

    @property
    def answered(self) -> int:
        return sum(question.rating is not None for question in self.questions)

    @cached_property
    def wrong(self) -> list[Question]:
        """Questions with a rating that could not be read."""
        return [question for question in self.questions if question.problem]

    @cached_property
    def missing(self) -> list[Question]:
        """Questions that were not looked at, once the form was sent."""
        return [question for question in self.questions if question.missing]

    @property
    def unknown(self) -> list[str]:
        """Names in the form that are no issue of this survey, a few of them, short."""
        return [code[:40] for code in self.reading.unknown[:5]] if self.checked and self.reading else []

    @property
    def may_send_anyway(self) -> bool:
        """Leaving issues out is a respondent's right, as long as something is rated."""
        return bool(self.missing) and any(question.rating for question in self.questions)

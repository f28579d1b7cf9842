"""The form as a respondent sees it at this moment: questions, what is chosen, what is wrong, how far one is.

Knows no request and no database.
"""

from dataclasses import dataclass
from functools import cached_property

from surveys.answers import UNANSWERED, Reading
from surveys.links import PublicLink


@dataclass(frozen=True)
class Choice:
    """A step of the scale as a form sends it, and how a screen reader calls it."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """An issue to rate. Texts only: a page shows hundreds of them, and numbers would be localised each time.

    Attributes
    ----------
    chosen : the value that is chosen; "0" for "I cannot judge this", empty for none yet.
    problem : what is wrong with the rating that came.
    missing : whether to say that there is none.
    """

    number: str
    code: str
    name: str
    description: str
    chosen: str = ""
    problem: str = ""
    missing: bool = False

    @property
    def is_rated(self) -> bool:
        return self.chosen not in ("", "0")


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
            questions.append(
                Question(
                    number=str(item.position + 1),
                    code=item.code,
                    name=item.name,
                    description=item.description,
                    chosen="" if rating == UNANSWERED else str(rating),
                    problem=problem,
                    missing=self.checked and rating == UNANSWERED and not problem,
                )
            )
        return questions

    @cached_property
    def choices(self) -> list[Choice]:
        questionnaire = self.link.questionnaire
        words = ((str(value), questionnaire.word(value)) for value in questionnaire.scale)
        return [Choice(value, f"{value}, {word}" if word else value) for value, word in words]

    @property
    def words(self) -> list[tuple[str, str]]:
        """The steps of the scale that have a name, and their names."""
        questionnaire = self.link.questionnaire
        words = ((str(value), questionnaire.word(value)) for value in questionnaire.scale)
        return [(value, word) for value, word in words if word]

    @property
    def ends(self) -> tuple[str, str]:
        """What is written under the two ends of the scale."""
        questionnaire = self.link.questionnaire
        low, high = questionnaire.low, questionnaire.high
        return f"{low} {questionnaire.word(low)}", f"{high} {questionnaire.word(high)}"

    @property
    def answered(self) -> int:
        return sum(question.chosen != "" for question in self.questions)

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
        return bool(self.missing) and any(question.is_rated for question in self.questions)

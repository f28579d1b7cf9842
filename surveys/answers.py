"""What a respondent sent, read into one byte per item. Knows no database and no web.

Two forms exist. A *draft* keeps apart what was not looked at yet (UNANSWERED) from "I cannot judge this"
(CANNOT_JUDGE). An *answer* that is sent has only ratings and 0, since both count alike: not at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveys.frozen import FrozenItem, FrozenQuestionnaire

CANNOT_JUDGE = 0
UNANSWERED = 255
_SEND = bytes(CANNOT_JUDGE if byte == UNANSWERED else byte for byte in range(256))


class InvalidAnswer(ValueError):
    """An answer that cannot be counted.

    Attributes
    ----------
    problems : item code -> what is wrong with its rating and what to do. Empty where the answer as a whole
        is at fault; the exception's text then says how.
    """

    def __init__(self, message: str, problems: Mapping[str, str] | None = None) -> None:
        self.problems = dict(problems or {})
        super().__init__(" ".join([message, *self.problems.values()]).strip())
        self.message = message


@dataclass(frozen=True)
class Reading:
    """A form as far as it could be read. `draft` keeps every good rating, whatever is wrong with the others."""

    draft: bytes
    problems: dict[str, str]
    unknown: tuple[str, ...]

    @property
    def answer(self) -> bytes:
        """The bytes to send: what was left out counts as no answer."""
        return self.draft.translate(_SEND)

    def missing(self, questionnaire: FrozenQuestionnaire) -> list[FrozenItem]:
        """The items that were not looked at, in order."""
        if UNANSWERED not in self.draft:
            return []
        return [item for item in questionnaire.items if self.draft[item.position] == UNANSWERED]


def read_form(questionnaire: FrozenQuestionnaire, fields: Iterable[tuple[str, list[str]]]) -> Reading:
    """Read the fields of a posted form: for each item's code, the values that came under that name.

    Raises nothing: a respondent gets the page back with every good rating in place.
    """
    draft = bytearray([UNANSWERED]) * len(questionnaire.items)
    problems: dict[str, str] = {}
    unknown: list[str] = []
    positions, bytes_of = questionnaire.positions, questionnaire.bytes_of
    for code, values in fields:
        position = positions.get(code)
        if position is None:
            unknown.append(code)
        elif len(values) != 1:
            problems[code] = "This issue came with several ratings. Please choose one."
        elif values[0] in bytes_of:
            draft[position] = bytes_of[values[0]]
        else:
            problems[code] = f"{_quoted(values[0])} is not on the scale. {_choose(questionnaire)}"
    return Reading(bytes(draft), problems, tuple(unknown))


def pack(questionnaire: FrozenQuestionnaire, answers: Mapping[str, int] | bytes) -> bytes:
    """One byte per item, checked.

    Parameters
    ----------
    answers : rating by item code, items left out count as no answer; or the bytes themselves, in the
        questionnaire's order. 0 means no answer or cannot judge.

    Raises
    ------
    InvalidAnswer
        For unknown items, ratings off the scale, the wrong number of bytes, and an answer that rates nothing.
    """
    ratings = answers if isinstance(answers, bytes) else _packed(questionnaire, answers)
    if len(ratings) != len(questionnaire.items):
        raise InvalidAnswer(
            f"The answer has {len(ratings)} ratings, the questionnaire has {len(questionnaire.items)} issues: "
            "send one byte per issue, in the questionnaire's order."
        )
    if ratings.translate(None, questionnaire.allowed):
        raise InvalidAnswer(
            "Some ratings are not on the scale.",
            {
                item.code: f"{item.name}: {ratings[item.position]} is not on the scale. {_choose(questionnaire)}"
                for item in questionnaire.items
                if ratings[item.position] not in questionnaire.allowed
            },
        )
    if not any(ratings):
        raise InvalidAnswer("The answer rates no issue, so there is nothing to count. Please rate at least one.")
    return ratings


def _packed(questionnaire: FrozenQuestionnaire, answers: Mapping[str, int]) -> bytes:
    ratings = bytearray(len(questionnaire.items))
    problems: dict[str, str] = {}
    for code, value in answers.items():
        position = questionnaire.positions.get(code)
        if position is None:
            problems[code] = f"{_quoted(code)} is not an issue of this questionnaire (version {questionnaire.version})."
        elif not isinstance(value, int) or (value != 0 and value not in questionnaire.scale):
            name = questionnaire.items[position].name
            problems[code] = f"{name}: {_quoted(value)} is not on the scale. {_choose(questionnaire)}"
        else:
            ratings[position] = value
    if problems:
        raise InvalidAnswer("The answer was not stored.", problems)
    return bytes(ratings)


def _choose(questionnaire: FrozenQuestionnaire) -> str:
    return f"Please choose {questionnaire.low} to {questionnaire.high}, or “I cannot judge this”."


def _quoted(value: object) -> str:
    """What was sent, short enough for a message."""
    text = str(value)
    return f"“{text[:20]}…”" if len(text) > 20 else f"“{text}”"

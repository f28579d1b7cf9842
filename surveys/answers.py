"""What a respondent sent, read into one byte per item and a few texts. Knows no database and no web.

Two forms exist. A *draft* keeps apart what was not looked at yet (UNANSWERED) from "I cannot judge this"
(CANNOT_JUDGE); for a top choice it holds what is chosen, for a ranking the places. An *answer* that is sent has only
scores (surveys/scores.py) and 0, since what was not looked at and what cannot be judged count alike: not at all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from surveys.content import ContentItem
from surveys.frozen import AskedItem, AskedProfile, FrozenQuestionnaire, Sheet
from surveys.models import IssueQuestion
from surveys.scores import CHOSEN, places_of_ranking, scores_of_choice, scores_of_ranking
from tables.names import tidy_lines

CANNOT_JUDGE = 0
UNANSWERED = 255
LONGEST_COMMENT = 4_000
# Fields of a form beside the judgements. A code is a slug, so a name with a dot is never one.
OVERALL, MISSING, ON_ISSUE = "comment.overall", "comment.missing", "comment.issue."
_SEND = bytes(CANNOT_JUDGE if byte == UNANSWERED else byte for byte in range(256))


class InvalidAnswer(ValueError):
    """An answer that cannot be counted.

    Attributes
    ----------
    problems : field -> what is wrong with it and what to do. Empty where the answer as a whole is at fault; the
        exception's text then says how.
    """

    def __init__(self, message: str, problems: Mapping[str, str] | None = None) -> None:
        self.problems = dict(problems or {})
        super().__init__(" ".join([message, *self.problems.values()]).strip())
        self.message = message


@dataclass(frozen=True)
class Extras:
    """What an answer holds beside its scores.

    Attributes
    ----------
    comments : on single issues, by the item's code.
    profile : profile answers by the question's code: the number of the option, or the number itself.
    seconds : from opening the form to sending it; None where that is not known.
    """

    comments: Mapping[str, str] = field(default_factory=dict)
    overall: str = ""
    missing: str = ""
    profile: Mapping[str, int] = field(default_factory=dict)
    seconds: int | None = None

    @property
    def has_texts(self) -> bool:
        return bool(self.comments or self.overall or self.missing)


@dataclass(frozen=True)
class Reading:
    """A form as far as it could be read. `draft` and `texts` keep all that was good, whatever is wrong with the rest.

    Attributes
    ----------
    draft : (items,) one byte per item.
    texts : field -> text, of comments and profile answers.
    problems : field -> what is wrong with it.
    unknown : fields of the form that this survey does not have.
    """

    draft: bytes
    problems: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)

    def answer(self, questionnaire: FrozenQuestionnaire, sheet: Sheet) -> bytes:
        """(items,) the scores to send: what was left out counts as no answer."""
        chosen = {position for position in sheet.positions if self.draft[position] not in (CANNOT_JUDGE, UNANSWERED)}
        if questionnaire.kind == IssueQuestion.RATING or not chosen:
            return self.draft.translate(_SEND)
        if questionnaire.kind == IssueQuestion.TOP:
            return scores_of_choice(chosen, sheet.positions, len(self.draft))
        # Somebody who skipped a place has still put the issues in order.
        ordered = sorted(chosen, key=self.draft.__getitem__)
        places = {position: place for place, position in enumerate(ordered, 1)}
        return scores_of_ranking(places, sheet.positions, len(self.draft))

    def extras(self, sheet: Sheet, seconds: int | None = None) -> Extras:
        """What to send beside the scores."""
        comments = {item.code: self.texts.get(ON_ISSUE + item.code, "") for item in sheet.items}
        profile = {question.code: self.texts.get(question.field, "") for question in sheet.profile}
        return Extras(
            comments={code: text for code, text in comments.items() if text},
            overall=self.texts.get(OVERALL, ""),
            missing=self.texts.get(MISSING, ""),
            profile={code: int(text) for code, text in profile.items() if text},
            seconds=seconds,
        )

    def missing(self, questionnaire: FrozenQuestionnaire, sheet: Sheet) -> list[AskedItem]:
        """The items to rate that were not looked at, in order. What is chosen or ranked is never missing."""
        if questionnaire.kind != IssueQuestion.RATING or UNANSWERED not in self.draft:
            return []
        return [item for item in sheet.items if self.draft[item.position] == UNANSWERED]


def untouched(questionnaire: FrozenQuestionnaire) -> bytes:
    """The draft of somebody who has not begun."""
    return bytes([UNANSWERED]) * len(questionnaire.items)


def reading_of(questionnaire: FrozenQuestionnaire, sheet: Sheet, scores: bytes, texts: dict[str, str]) -> Reading:
    """An answer that was sent, as a form to change it in."""
    if questionnaire.kind == IssueQuestion.RATING:
        return Reading(scores, texts=texts)
    draft = bytearray(untouched(questionnaire))
    if questionnaire.kind == IssueQuestion.TOP:
        for position in sheet.positions:
            if scores[position] == CHOSEN:
                draft[position] = CHOSEN
    else:
        for position, place in places_of_ranking(scores, sheet.positions).items():
            if place <= questionnaire.content.choose:
                draft[position] = place
    return Reading(bytes(draft), texts=texts)


def read_form(questionnaire: FrozenQuestionnaire, sheet: Sheet, fields: Iterable[tuple[str, list[str]]]) -> Reading:
    """Read the fields of a posted form: for each name the values that came under it.

    Raises nothing: a respondent gets the page back with everything good in place.
    """
    draft = bytearray(untouched(questionnaire))
    positions = {item.field: item.position for item in sheet.items}
    allowed = _allowed(questionnaire)
    texts: dict[str, str] = {}
    problems: dict[str, str] = {}
    unknown: list[str] = []
    names = _texts_asked(questionnaire, sheet)
    for name, values in fields:
        position = positions.get(name)
        if position is not None:
            if len(values) != 1:
                problems[name] = _("This issue came with several ratings. Please choose one.")
            elif values[0] in allowed:
                draft[position] = allowed[values[0]]
            else:
                problems[name] = _off_the_scale(questionnaire, values[0])
        elif name in names:
            _read_text(name, values, names[name], texts, problems)
        else:
            unknown.append(name)
    _check_whole(questionnaire, sheet, draft, problems)
    return Reading(bytes(draft), problems, tuple(unknown), texts)


def _allowed(questionnaire: FrozenQuestionnaire) -> dict[str, int]:
    """What a form may send for an item, and the byte of a draft that it becomes."""
    if questionnaire.kind == IssueQuestion.RATING:
        return {str(value): value for value in questionnaire.allowed}
    if questionnaire.kind == IssueQuestion.TOP:
        return {str(CHOSEN): CHOSEN, "": UNANSWERED}
    return {"": UNANSWERED, **{str(place): place for place in range(1, questionnaire.content.choose + 1)}}


def _texts_asked(questionnaire: FrozenQuestionnaire, sheet: Sheet) -> dict[str, AskedProfile | None]:
    """Names of the fields with text, and the profile question where it is one."""
    content = questionnaire.content
    names: dict[str, AskedProfile | None] = {question.field: question for question in sheet.profile}
    if content.comment_per_issue:
        names |= {ON_ISSUE + item.code: None for item in sheet.items}
    if content.comment_overall:
        names[OVERALL] = None
    if content.ask_missing:
        names[MISSING] = None
    return names


def _read_text(
    name: str, values: list[str], question: AskedProfile | None, texts: dict[str, str], problems: dict[str, str]
) -> None:
    text = tidy_lines(values[-1]) if values else ""
    if not text:
        return
    if question is None:
        if len(text) > LONGEST_COMMENT:
            problems[name] = _(
                "This text has %(length)d characters; %(most)d fit. What fits is kept below: please shorten it."
            ) % {"length": len(text), "most": LONGEST_COMMENT}
        texts[name] = text[:LONGEST_COMMENT]
    elif question.options:
        if text in (value for value, _text in question.options):
            texts[name] = text
        else:
            problems[name] = _("“%(text)s” is none of the answers. Please choose one of them.") % {"text": text[:20]}
    elif _is_number(text, question):
        texts[name] = str(int(text))
    else:
        texts[name] = text[:20]
        problems[name] = _number_wanted(question)


def _is_number(text: str, question: AskedProfile) -> bool:
    try:
        number = int(text) if len(text) <= 10 else None
    except ValueError:
        return False
    if number is None:
        return False
    return (question.lowest is None or number >= question.lowest) and (
        question.highest is None or number <= question.highest
    )


def _number_wanted(question: AskedProfile) -> str:
    if question.lowest is not None and question.highest is not None:
        numbers = {"lowest": question.lowest, "highest": question.highest}
        return _("Please give a whole number from %(lowest)d to %(highest)d, or leave it empty.") % numbers
    return _("Please give a whole number, or leave it empty.")


def _check_whole(questionnaire: FrozenQuestionnaire, sheet: Sheet, draft: bytearray, problems: dict[str, str]) -> None:
    """What is wrong with several choices taken together."""
    choose = questionnaire.content.choose
    taken = [item for item in sheet.items if draft[item.position] not in (CANNOT_JUDGE, UNANSWERED)]
    if questionnaire.kind == IssueQuestion.TOP and len(taken) > choose:
        for item in taken:
            problems[item.field] = _(
                "You chose %(chosen)d issues, and %(most)d can be chosen. Please take some back."
            ) % {
                "chosen": len(taken),
                "most": choose,
            }
    elif questionnaire.kind == IssueQuestion.RANKING:
        times = Counter(draft[item.position] for item in taken)
        for item in taken:
            if times[draft[item.position]] > 1:
                problems[item.field] = _("Place %(place)d is given to several issues. Please give it to one.") % {
                    "place": draft[item.position]
                }


def pack(questionnaire: FrozenQuestionnaire, answers: Mapping[str, int] | bytes) -> bytes:
    """One byte per item, checked.

    Parameters
    ----------
    answers : score by the item's field, items left out count as no answer; or the bytes themselves, in the
        questionnaire's order. 0 means no answer or cannot judge.

    Raises
    ------
    InvalidAnswer
        For unknown items, scores off the scale, the wrong number of bytes, and an answer that rates nothing.
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
                item.field: _named(questionnaire, item, ratings[item.position])
                for item in questionnaire.items
                if ratings[item.position] not in questionnaire.allowed
            },
        )
    if not any(ratings):
        raise InvalidAnswer(
            _("The answer rates no issue, so there is nothing to count. Please rate at least one.")
            if questionnaire.kind == IssueQuestion.RATING
            else _("Nothing is chosen, so there is nothing to count. Please choose at least one issue.")
        )
    return ratings


def _packed(questionnaire: FrozenQuestionnaire, answers: Mapping[str, int]) -> bytes:
    ratings = bytearray(len(questionnaire.items))
    problems: dict[str, str] = {}
    for name, value in answers.items():
        position = questionnaire.positions.get(name)
        if position is None:
            problems[name] = f"{_quoted(name)} is not an issue of this questionnaire (version {questionnaire.version})."
        elif not isinstance(value, int) or (value != 0 and value not in questionnaire.scale):
            problems[name] = _named(questionnaire, questionnaire.items[position], value)
        else:
            ratings[position] = value
    if problems:
        raise InvalidAnswer("The answer was not stored.", problems)
    return bytes(ratings)


def _named(questionnaire: FrozenQuestionnaire, item: ContentItem, value: object) -> str:
    return f"{questionnaire.name_of(item)}: {_off_the_scale(questionnaire, value)}"


def _off_the_scale(questionnaire: FrozenQuestionnaire, value: object) -> str:
    values: dict[str, object] = {"value": _quoted(value), "low": questionnaire.low, "high": questionnaire.high}
    if questionnaire.kind == IssueQuestion.RANKING:
        values |= {"low": 1, "high": questionnaire.content.choose}
        return _("%(value)s is no place. Please choose %(low)d to %(high)d, or none.") % values
    return _("%(value)s is not on the scale. Please choose %(low)d to %(high)d, or “I cannot judge this”.") % values


def _quoted(value: object) -> str:
    """What was sent, short enough for a message."""
    text = str(value)
    return f"“{text[:20]}…”" if len(text) > 20 else f"“{text}”"

"""Questions on the respondent: nobody has to answer them, and no score depends on them."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from scoping.models import Assessment
from scoping.services.scope import free_code, note
from surveys.models import ProfileKind, ProfileQuestion
from surveys.services.building.base import hold_design, line

# More questions on the person than on the issues would be another survey.
MOST_QUESTIONS = 20
FEWEST_OPTIONS, MOST_OPTIONS = 2, 30
LONGEST_QUESTION, LONGEST_OPTION = 300, 200
LARGEST_NUMBER = 1_000_000_000
GONE = gettext_noop("This question was removed meanwhile. Look at the list again.")


@transaction.atomic
def save_question(
    *,
    assessment: Assessment,
    text: str,
    kind: str,
    options: Sequence[str] = (),
    lowest: int | None = None,
    highest: int | None = None,
    code: str | None = None,
    by: User | None = None,
) -> ProfileQuestion:
    """
    Adds a question at the end, or changes the one with that `code`.

    Parameters
    ----------
    options : the answers to choose from, in their order; only for a choice. Empty ones are left out.
    lowest, highest : the bounds of a number, both included; None for no bound. Only for a number.

    Raises
    ------
    ValidationError
        By field: no text, too few, too many or equal options, bounds that contradict each other. Without a field:
        too many questions, or the question is gone. With the code "frozen": the survey has opened.
    """
    survey = hold_design(assessment)
    present = list(survey.profile_questions.all())
    if kind not in ProfileKind.values:
        raise ValidationError(
            {"kind": _("“%(kind)s” is no kind of question. Choose one of the list.") % {"kind": kind[:40]}}
        )
    text = line(text, field="text", most=LONGEST_QUESTION, needed=_("Write the question as respondents shall read it."))
    if code is None:
        if len(present) >= MOST_QUESTIONS:
            raise ValidationError(
                _("A survey has at most %(most)d such questions. Remove one first.") % {"most": MOST_QUESTIONS}
            )
        # "new" is the address of the page that adds one.
        taken = {"new", *(question.code for question in present)}
        question = ProfileQuestion(
            survey=survey,
            code=free_code(text, taken=taken, fallback="question", limit=40),
            position=max((question.position for question in present), default=-1) + 1,
        )
    else:
        question = _find(present, code)
    question.text, question.kind = text, kind
    question.options = _checked_options(options) if kind == ProfileKind.CHOICE else []
    question.lowest, question.highest = _checked_bounds(lowest, highest) if kind == ProfileKind.NUMBER else (None, None)
    question.save()
    note(survey.assessment, by, f"{'changed' if code else 'added'} the question “{text}” in the survey")
    return question


@transaction.atomic
def remove_question(*, assessment: Assessment, code: str, by: User | None = None) -> None:
    """Takes a question out; ValidationError if it is gone, or the survey has opened."""
    survey = hold_design(assessment)
    question = _find(list(survey.profile_questions.all()), code)
    question.delete()
    note(survey.assessment, by, f"removed the question “{question.text}” from the survey")


@transaction.atomic
def move_question(*, assessment: Assessment, code: str, step: int, by: User | None = None) -> None:
    """Moves a question by `step` places, up if negative; ValidationError as for `remove_question`."""
    survey = hold_design(assessment)
    order = list(survey.profile_questions.all())
    question = _find(order, code)
    place = min(max(order.index(question) + step, 0), len(order) - 1)
    order.remove(question)
    order.insert(place, question)
    _number(order)
    note(survey.assessment, by, f"moved the question “{question.text}” in the survey")


def _find(questions: Sequence[ProfileQuestion], code: str) -> ProfileQuestion:
    for question in questions:
        if question.code == code:
            return question
    raise ValidationError(_(GONE), code="gone")


def _number(questions: Sequence[ProfileQuestion]) -> None:
    for position, question in enumerate(questions):
        question.position = position
    ProfileQuestion.objects.bulk_update(questions, ["position"])


def _checked_options(options: Sequence[str]) -> list[str]:
    tidied = [option for option in (line(one, field="options", most=LONGEST_OPTION) for one in options) if option]
    if not FEWEST_OPTIONS <= len(tidied) <= MOST_OPTIONS:
        bounds = {"fewest": FEWEST_OPTIONS, "most": MOST_OPTIONS}
        wanted = _("Give %(fewest)d to %(most)d answers to choose from, one per line.") % bounds
        raise ValidationError({"options": wanted})
    seen: set[str] = set()
    for option in tidied:
        if option.casefold() in seen:
            twice = _("“%(option)s” is there twice. Change one of the two.") % {"option": option}
            raise ValidationError({"options": twice})
        seen.add(option.casefold())
    return tidied


def _checked_bounds(lowest: int | None, highest: int | None) -> tuple[int | None, int | None]:
    for field, bound in (("lowest", lowest), ("highest", highest)):
        if bound is not None and abs(bound) > LARGEST_NUMBER:
            wanted = _("Enter a number between -%(most)s and %(most)s.") % {"most": f"{LARGEST_NUMBER:,}"}
            raise ValidationError({field: wanted})
    if lowest is not None and highest is not None and lowest >= highest:
        above = _("The highest number has to be above the lowest, %(lowest)s.") % {"lowest": f"{lowest:,}"}
        raise ValidationError({"highest": above})
    return lowest, highest

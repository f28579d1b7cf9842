"""How respondents judge issues, and what they may write."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Assessment
from scoping.services.scope import note
from surveys.content import MOST_RANKED
from surveys.design import design_of, judging_obstacles
from surveys.models import FEWEST_STEPS, MOST_STEPS, IssueQuestion, Survey
from surveys.services.building.base import hold_design, line

LONGEST_LABEL = 60


@transaction.atomic
def set_judging(
    *,
    assessment: Assessment,
    kind: str,
    steps: int = 5,
    step_labels: Sequence[str] = (),
    choose: int = 5,
    both_importances: bool = False,
    comment_per_issue: bool = False,
    comment_overall: bool = True,
    ask_missing: bool = True,
    by: User | None = None,
) -> Survey:
    """
    Sets the kind of question that is asked about every issue. "Cannot judge" is always offered with a rating.

    Parameters
    ----------
    steps : a rating goes from 1 to this, 3 to 10.
    step_labels : a word for each step from 1, or none at all for the usual ones.
    choose : how many issues are chosen or put in order; of no meaning for ratings.

    Raises
    ------
    ValidationError
        By field: a number out of range, labels that do not fit the steps. Without a field: a kind that does not go
        with the rest of the design. With the code "frozen": the survey has opened.
    """
    survey = hold_design(assessment)
    if kind not in IssueQuestion.values:
        raise ValidationError({"kind": _("“%(kind)s” is no way to ask. Choose one of the list.") % {"kind": kind[:40]}})
    if not FEWEST_STEPS <= steps <= MOST_STEPS:
        told = {"fewest": FEWEST_STEPS, "most": MOST_STEPS, "steps": steps}
        raise ValidationError({"steps": _("A scale has %(fewest)d to %(most)d steps, not %(steps)d.") % told})
    if not 1 <= choose <= MOST_RANKED:
        bounds = {"lowest": 1, "highest": MOST_RANKED}
        raise ValidationError({"choose": _("Enter a number from %(lowest)d to %(highest)d.") % bounds})
    survey.kind, survey.steps, survey.choose = kind, steps, choose
    survey.step_labels = _labels(step_labels, steps)
    survey.both_importances = both_importances
    survey.comment_per_issue, survey.comment_overall = comment_per_issue, comment_overall
    survey.ask_missing = ask_missing
    if obstacles := judging_obstacles(design_of(survey)):
        raise ValidationError(obstacles)
    survey.save()
    note(survey.assessment, by, f"set how issues are judged: {_in_short(survey)}")
    return survey


def _labels(labels: Sequence[str], steps: int) -> list[str]:
    tidied = [line(label, field="step_labels", most=LONGEST_LABEL) for label in labels]
    if not any(tidied):
        return []
    if len(tidied) != steps:
        told = {"steps": steps, "labels": len(tidied)}
        raise ValidationError(
            {"step_labels": _("%(steps)d steps need %(steps)d labels, not %(labels)d; or none at all.") % told}
        )
    if "" in tidied:
        number = tidied.index("") + 1
        without = _("Step %(step)d has no label. Label every step, or none of them.") % {"step": number}
        raise ValidationError({"step_labels": without})
    twice = next((label for number, label in enumerate(tidied) if label.casefold() in _folded(tidied[:number])), "")
    if twice:
        same = _("Two steps are labelled “%(label)s”. Give one of them another label.") % {"label": twice}
        raise ValidationError({"step_labels": same})
    return tidied


def _folded(labels: Sequence[str]) -> set[str]:
    return {label.casefold() for label in labels}


def _in_short(survey: Survey) -> str:
    if survey.kind == IssueQuestion.TOP:
        return f"the {survey.choose} most important ones are chosen"
    if survey.kind == IssueQuestion.RANKING:
        return f"the first {survey.choose} are put in order"
    both = ", both importances" if survey.both_importances else ""
    return f"a rating from 1 to {survey.steps}{both}"

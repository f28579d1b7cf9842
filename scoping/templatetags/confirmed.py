"""What a page says before somebody changes what was put before a board, or confirmed by it."""

from typing import Any

from django import template

from scoping.models import Assessment
from scoping.steps import conclusion_at_stake

register = template.Library()
# What a page changes: answers and how they count, the list of issues where that is the result, or names of both.
ANSWERS, LIST = "answers", "list"


@register.inclusion_tag("scoping/_at_stake.html", takes_context=True)
def warn_of_void(context: dict[str, Any], changes: str = "") -> dict[str, Any]:
    """The notice for the assessment of the page; nothing where no result is at stake, nor for who cannot change it.

    Parameters
    ----------
    changes : ANSWERS, LIST or neither; of the two only what the result of this assessment is made of.
    """
    assessment: Assessment = context["assessment"]
    request = context["request"]
    is_about_it = not changes or (changes == ANSWERS) == assessment.with_survey
    at_stake = conclusion_at_stake(assessment) if is_about_it and request.membership.may_edit else None
    return {"conclusion": at_stake, "assessment": assessment, "request": request}

"""What respondents read around the questions."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Assessment
from scoping.services.scope import note
from surveys.models import Survey
from surveys.selectors import LONGEST_TITLE
from surveys.services.building.base import hold_design, line, lines


@transaction.atomic
def set_texts(
    *,
    assessment: Assessment,
    title: str,
    introduction: str = "",
    closing: str = "",
    privacy_note: str = "",
    by: User | None = None,
) -> Survey:
    """
    Sets the texts for all groups. Without an introduction or a closing, respondents read the usual sentence.

    Raises
    ------
    ValidationError
        By field: no title, or a text that is too long. With the code "frozen": the survey has opened.
    """
    survey = hold_design(assessment)
    survey.title = line(
        title, field="title", most=LONGEST_TITLE, needed=_("Give the survey a title, such as the question it asks.")
    )
    survey.introduction = lines(introduction, field="introduction")
    survey.closing = lines(closing, field="closing")
    survey.privacy_note = lines(privacy_note, field="privacy_note")
    survey.save(update_fields=["title", "introduction", "closing", "privacy_note"])
    note(survey.assessment, by, "changed the texts of the survey")
    return survey

"""What the services of the design share: taking hold of it, and texts that are fit to be stored."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from scoping.models import Assessment
from surveys.models import Survey, SurveyState
from surveys.services.opening import prepare_survey
from tables.names import tidy, tidy_lines

FROZEN = gettext_noop(
    "The survey has opened, and what it asks was frozen then, so that every answer is to the same questions."
)
# Introductions, closing and privacy note: about two printed pages.
LONGEST_TEXT = 5000


def hold_design(assessment: Assessment) -> Survey:
    """The survey of `assessment` as it is now, made if there is none, kept from changing until the transaction ends.

    Raises
    ------
    ValidationError
        If the assessment holds no survey; with the code "frozen", if it has been opened.
    """
    prepared = prepare_survey(assessment=assessment)
    of_survey = Survey.objects.select_for_update(of=("self",)).select_related("assessment__organisation")
    held = of_survey.get(pk=prepared.pk)
    if held.state != SurveyState.DRAFT:
        raise ValidationError(_(FROZEN), code="frozen")
    return held


def line(text: str, *, field: str, most: int, needed: str = "") -> str:
    """`text` as one line to be stored; ValidationError at `field` if it is too long, or empty and `needed` says why
    it must not be."""
    tidied = tidy(text)
    if needed and not tidied:
        raise ValidationError({field: needed})
    return _not_too_long(tidied, field, most)


def lines(text: str, *, field: str, most: int = LONGEST_TEXT) -> str:
    """Like `line`, for a text of several lines."""
    return _not_too_long(tidy_lines(text), field, most)


def _not_too_long(text: str, field: str, most: int) -> str:
    if len(text) > most:
        told = {"most": f"{most:,}", "length": f"{len(text):,}"}
        raise ValidationError({field: _("Use at most %(most)s characters; these are %(length)s.") % told})
    return text

"""What connects answers with people, and how long that is kept. Chosen before opening, told to respondents."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Assessment
from scoping.services.scope import note
from surveys.design import ANONYMITY_CHOSEN
from surveys.models import Anonymity, Survey
from surveys.services.building.base import hold_design

# Two people know of each other's answer what a mean of both says minus their own.
FEWEST_UNNAMED = 3
MOST_MINIMUM = 100
LONGEST_RETENTION = 3650


@transaction.atomic
def set_anonymity(
    *,
    assessment: Assessment,
    anonymity: str,
    minimum_group: int,
    editable: bool = False,
    retention_days: int | None = None,
    by: User | None = None,
) -> Survey:
    """
    Chooses the mode and what goes with it.

    Parameters
    ----------
    minimum_group : results of fewer people are never shown; at least 3, unless everybody is identified.
    editable : answers may be changed until the survey closes; not in an anonymous survey.
    retention_days : days after closing when addresses and comments are deleted, 1 to 3,650; None keeps them.

    Raises
    ------
    ValidationError
        By field, for values that the mode does not allow. With the code "frozen": the survey has opened.
    """
    survey = hold_design(assessment)
    if anonymity not in Anonymity.values:
        raise ValidationError(
            {"anonymity": _("“%(mode)s” is no mode. Choose one of the three.") % {"mode": anonymity[:40]}}
        )
    fewest = 1 if anonymity == Anonymity.IDENTIFIED else FEWEST_UNNAMED
    if not fewest <= minimum_group <= MOST_MINIMUM:
        bounds = _("Enter a number from %(lowest)d to %(highest)d.") % {"lowest": fewest, "highest": MOST_MINIMUM}
        why = _("Means of two people tell each of them what the other one answered.")
        raise ValidationError({"minimum_group": bounds if fewest == 1 else f"{bounds} {why}"})
    if editable and anonymity == Anonymity.ANONYMOUS:
        raise ValidationError(
            {
                "editable": _(
                    "Nobody can change an anonymous answer, since nothing says whose it is. "
                    "Take the tick away, or choose another mode."
                )
            }
        )
    if retention_days is not None and not 1 <= retention_days <= LONGEST_RETENTION:
        wanted = _("Enter a number of days from 1 to %(most)s, or nothing to keep them.")
        raise ValidationError({"retention_days": wanted % {"most": f"{LONGEST_RETENTION:,}"}})
    survey.anonymity, survey.minimum_group = anonymity, minimum_group
    survey.editable, survey.retention_days = editable, retention_days
    survey.save(update_fields=["anonymity", "minimum_group", "editable", "retention_days"])
    kept = f", personal data kept for {retention_days} days" if retention_days else ""
    note(survey.assessment, by, f"{ANONYMITY_CHOSEN}: {anonymity}, results from {minimum_group} people on{kept}")
    return survey

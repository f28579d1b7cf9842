"""The order in which issues are asked about."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Assessment
from scoping.services.scope import note
from surveys.models import Survey
from surveys.services.building.base import hold_design
from surveys.texts import ordered_issues


@transaction.atomic
def place_issues(*, assessment: Assessment, places: Mapping[str, int], by: User | None = None) -> list[str]:
    """
    Moves issues to the places that are named, from 1; the others keep their order around them.

    Parameters
    ----------
    places : code of an issue -> its new place. A place beyond the last one means the last.

    Returns
    -------
    The codes in their new order.

    Raises
    ------
    ValidationError
        If a code is not on the short list, a place is below 1, or two issues want the same place.
    """
    survey = hold_design(assessment)
    issues = {issue.code: issue for issue in ordered_issues(survey)}
    if unknown := set(places) - set(issues):
        gone = _(", ").join(sorted(unknown))
        raise ValidationError(_("Not on the short list any more: %(codes)s. Look at the list again.") % {"codes": gone})
    wanted: dict[int, str] = {}
    for code, place in places.items():
        if place < 1:
            told = {"issue": issues[code].name, "place": place}
            raise ValidationError(_("“%(issue)s” cannot have place %(place)d: the first place is 1.") % told)
        place = min(place, len(issues))
        if place in wanted:
            both = {"first": issues[wanted[place]].name, "second": issues[code].name, "place": place}
            raise ValidationError(
                _("“%(first)s” and “%(second)s” both want place %(place)d. Give one of them another.") % both
            )
        wanted[place] = code
    order = rearranged(list(issues), wanted)
    _store(survey, [issues[code].pk for code in order])
    note(survey.assessment, by, "changed the order of the issues in the survey")
    return order


@transaction.atomic
def move_issue(*, assessment: Assessment, code: str, step: int, by: User | None = None) -> int:
    """
    Moves one issue by `step` places, up if negative; at an end it stays. Returns its place, from 1.

    Raises
    ------
    ValidationError
        If it is not on the short list.
    """
    survey = hold_design(assessment)
    codes = [issue.code for issue in ordered_issues(survey)]
    if code not in codes:
        raise ValidationError(_("This issue is not on the short list any more. Look at the list again."))
    place = min(max(codes.index(code) + 1 + step, 1), len(codes))
    place_issues(assessment=assessment, places={code: place}, by=by)
    return place


@transaction.atomic
def order_as_listed(*, assessment: Assessment, by: User | None = None) -> Survey:
    """Forgets the survey's own order: issues come as on the short list again."""
    survey = hold_design(assessment)
    _store(survey, [])
    note(survey.assessment, by, "put the issues of the survey in the order of the short list")
    return survey


def rearranged(order: Sequence[str], wanted: Mapping[int, str]) -> list[str]:
    """`order` with the codes in `wanted` at their places, from 1, and the others around them as they were."""
    moved = set(wanted.values())
    others = iter([code for code in order if code not in moved])
    return [wanted.get(place) or next(others) for place in range(1, len(order) + 1)]


def _store(survey: Survey, order: list[int]) -> None:
    survey.issue_order = order
    survey.save(update_fields=["issue_order"])

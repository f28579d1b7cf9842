"""Stakeholder groups. Who is asked is frozen with the questions; why a group matters, and its weight, never are."""

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Assessment, Phase, Side, StakeholderGroup, WeightBasis
from scoping.models.stakeholders import MOST_PEOPLE
from scoping.services.scope import FROZEN, current, free_code, hold, note, require_short, same_name
from tables.names import tidy

# What a page of groups and a heat table are made for.
MOST_GROUPS = 50
LEAVE_OUT = "Give it the weight 0 to leave it out of the result; its answers are kept."


class Kept(Enum):
    """Stands for a value that stays as it is, where None says that nothing is known."""

    KEPT = "kept"


@transaction.atomic
def save_group(
    *,
    assessment: Assessment,
    name: str,
    side: str,
    weight: Decimal | int | None = None,
    relevance: str | None = None,
    headcount: int | Kept | None = Kept.KEPT,
    group: StakeholderGroup | None = None,
    by: User | None = None,
) -> StakeholderGroup:
    """
    Adds a group, or changes `group`. Without `weight`, `relevance` and `headcount` they stay as they are; a new
    group weighs 1.

    `headcount` is how many people belong to the group, None where that is not known. A new weight counts as entered,
    whatever scores suggest; the reason of an earlier one goes with it.

    Raises
    ------
    ValidationError
        By field: a name that is taken, a weight below 0, a side whose weights would all be 0, a headcount that
        is no number of people. Without a field (code "frozen"): another name or side, or a new group, once the survey
        has opened.
    """
    held = hold(assessment)
    name = tidy(name)
    groups = list(held.groups.all())
    if group is not None:
        group = current(group, groups)
    same_group = group is not None and group.name == name and group.side == side
    if held.phase != Phase.SCOPING and not same_group:
        raise ValidationError(FROZEN, code="frozen")
    others = [other for other in groups if other != group]
    if any(same_name(other.name, name) for other in others):
        raise ValidationError(
            {"name": _("There is already a group named “%(name)s”. Give this one another name.") % {"name": name}}
        )
    if group is None and len(others) >= MOST_GROUPS:
        raise ValidationError(
            _("An assessment has at most %(most)s groups. Join some of them first.") % {"most": MOST_GROUPS}
        )
    saved = group or StakeholderGroup(
        assessment=held,
        code=free_code(name, taken={other.code for other in others}, fallback="group", place=len(others) + 1),
        position=max((other.position for other in others), default=-1) + 1,
    )
    saved.name, saved.side = name, side
    if weight is not None and saved.weight != checked_weight(weight):
        saved.weight, saved.weight_basis = Decimal(weight), WeightBasis.ENTERED
        saved.weight_reason, saved.weight_suggested = "", None
    if relevance is not None:
        saved.relevance = relevance.strip()
        require_short(relevance=saved.relevance)
    before = saved.headcount
    if not isinstance(headcount, Kept):
        saved.headcount = checked_headcount(headcount)
    saved.full_clean(exclude=["assessment"])
    require_weights([*others, saved], field="weight")
    saved.save()
    change = _change(before, saved.headcount)
    note(held, by, f"{'changed' if group else 'added'} the group {saved.name}{change}")
    return saved


@transaction.atomic
def remove_group(*, group: StakeholderGroup, by: User | None = None) -> None:
    """Removes a group that has not been asked, with its topics of concern, channels, scores and contacts."""
    held = hold(group.assessment)
    if held.phase != Phase.SCOPING:
        raise ValidationError(
            _("“%(group)s” stays. %(because)s %(advice)s")
            % {"group": group.name, "because": FROZEN, "advice": LEAVE_OUT},
            code="frozen",
        )
    require_weights(list(held.groups.exclude(pk=group.pk)), field=None)
    try:
        group.delete()
    except ProtectedError as error:
        raise ValidationError(
            _("“%(group)s” has a survey link or answers, so it stays. %(advice)s")
            % {"group": group.name, "advice": LEAVE_OUT}
        ) from error
    note(held, by, f"removed the group {group.name}")


def checked_weight(weight: Decimal | int) -> Decimal:
    """`weight` as a number that a group can have; ValidationError at the field `weight` for any other."""
    number = Decimal(weight)
    if not number.is_finite() or number < 0:
        raise ValidationError(
            {"weight": _("A weight is a number from 0 upwards; %(number)s is none.") % {"number": number}}
        )
    return number


def checked_headcount(headcount: int | None) -> int | None:
    """`headcount` as a group can have it; ValidationError at the field `headcount` for any other."""
    if headcount is not None and not 1 <= headcount <= MOST_PEOPLE:
        message = _("A group has from 1 to %(most)s people. Leave this empty where the number is not known.")
        raise ValidationError({"headcount": message % {"most": f"{MOST_PEOPLE:,}"}})
    return headcount


def _change(before: int | None, after: int | None) -> str:
    """What the audit trail says of a new headcount; nothing where it is the same."""
    if before == after:
        return ""
    told = "not known" if after is None else f"{after:,}"
    return f": headcount {told}" + (f", before {before:,}" if before is not None else "")


def require_weights(groups: Iterable[StakeholderGroup], *, field: str | None) -> None:
    """Refuses weights that are all 0 on one side: the one rule for whoever changes a weight or removes a group."""
    listed = list(groups)
    for side in Side:
        weights = [group.weight for group in listed if group.side == side]
        if weights and not any(weights):
            message = (
                _(
                    "Every internal group would have the weight 0, and that axis would have no value. "
                    "Give at least one internal group a weight above 0."
                )
                if side == Side.INTERNAL
                else _(
                    "Every external group would have the weight 0, and that axis would have no value. "
                    "Give at least one external group a weight above 0."
                )
            )
            raise ValidationError({field: message} if field else message)

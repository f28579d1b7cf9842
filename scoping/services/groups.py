"""Stakeholder groups. Their weights may change at any time; who is asked is frozen with the questions."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import User
from scoping.models import Assessment, Phase, Side, StakeholderGroup
from scoping.services.scope import FROZEN, free_code, hold, hold_open, note, same_name, tidy

# What a page of groups and a heat table are made for.
MOST_GROUPS = 50


@transaction.atomic
def save_group(
    *,
    assessment: Assessment,
    name: str,
    side: str,
    weight: Decimal | int = 1,
    group: StakeholderGroup | None = None,
    by: User | None = None,
) -> StakeholderGroup:
    """
    Adds a group, or changes `group`.

    Raises
    ------
    ValidationError
        By field: a name that is taken, a weight below 0, a side whose weights would all be 0. Without a field
        (code "frozen"): anything but the weight, once the survey has opened.
    """
    held = hold(assessment)
    name = tidy(name)
    only_weight = group is not None and group.name == name and group.side == side
    if held.phase != Phase.SCOPING and not only_weight:
        raise ValidationError(FROZEN, code="frozen")
    others = [other for other in held.groups.all() if other != group]
    if any(same_name(other.name, name) for other in others):
        raise ValidationError({"name": f"There is already a group named “{name}”. Give this one another name."})
    if group is None and len(others) >= MOST_GROUPS:
        raise ValidationError(f"An assessment has at most {MOST_GROUPS} groups. Join some of them first.")
    saved = group or StakeholderGroup(
        assessment=held,
        code=free_code(name, taken={other.code for other in others}, fallback="group"),
        position=max((other.position for other in others), default=-1) + 1,
    )
    saved.name, saved.side, saved.weight = name, side, Decimal(weight)
    saved.full_clean(exclude=["assessment"])
    _require_weight_on_each_side([*others, saved], field="weight")
    saved.save()
    note(held, by, f"{'changed' if group else 'added'} the group {saved.name}")
    return saved


@transaction.atomic
def remove_group(*, group: StakeholderGroup, by: User | None = None) -> None:
    """Removes a group that has not been asked; its concerns go with it."""
    held = hold_open(group.assessment)
    _require_weight_on_each_side(list(held.groups.exclude(pk=group.pk)), field=None)
    try:
        group.delete()
    except ProtectedError as error:
        raise ValidationError(
            f"“{group.name}” has a survey link or answers, so it stays. "
            "Give it the weight 0 to leave it out of the result; its answers are kept."
        ) from error
    note(held, by, f"removed the group {group.name}")


def _require_weight_on_each_side(groups: list[StakeholderGroup], *, field: str | None) -> None:
    for side in Side:
        weights = [group.weight for group in groups if group.side == side]
        if weights and not any(weights):
            message = (
                f"Every {side.value} group would have the weight 0, and that axis would have no value. "
                f"Give at least one {side.value} group a weight above 0."
            )
            raise ValidationError({field: message} if field else message)

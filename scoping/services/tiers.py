"""The levels of importance. They can change at any time: a result keeps the tiers it was computed with."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Assessment, Phase, Tier
from scoping.services.scope import hold, note, same_name
from tables.names import tidy

# As many as there are shapes that can be told apart without colour.
MOST_TIERS = 5


@dataclass(frozen=True)
class TierPlan:
    """A tier as wanted; `tier` is the id of the one that it changes, None for a new one."""

    name: str
    count: int | None = None
    tier: int | None = None


@transaction.atomic
def save_tiers(*, assessment: Assessment, tiers: Sequence[TierPlan], by: User | None = None) -> list[Tier]:
    """
    Makes `tiers` the tiers of the assessment, highest first; those not named are removed.

    Raises
    ------
    ValidationError
        No tier or too many, a name twice, counts for some only, counts that do not add up to a frozen list,
        or the removal of a tier in which a published result stands.
    """
    held = hold(assessment)
    plans = [TierPlan(tidy(plan.name), plan.count, plan.tier) for plan in tiers]
    _check(plans, held)
    present = {tier.pk: tier for tier in held.tiers.all()}
    if unknown := {plan.tier for plan in plans if plan.tier} - set(present):
        raise ValidationError(_("%(n)s of these tiers no longer exist. Look at the tiers again.") % {"n": len(unknown)})
    try:
        held.tiers.exclude(pk__in=[plan.tier for plan in plans if plan.tier]).delete()
    except ProtectedError as error:
        raise ValidationError(
            _("Published results stand in a tier that you want to remove. Rename it instead, so that they keep it.")
        ) from error
    # Names and positions are unique, and two tiers may trade theirs: park them first, out of each other's way.
    for tier in present.values():
        Tier.objects.filter(pk=tier.pk).update(name=f"\x1f{tier.pk}", position=1000 + tier.position)
    saved = []
    for position, plan in enumerate(plans):
        tier = present[plan.tier] if plan.tier else Tier(assessment=held)
        tier.name, tier.planned_count, tier.position = plan.name, plan.count, position
        tier.save()
        saved.append(tier)
    sizes = " / ".join(str(plan.count) for plan in plans if plan.count is not None) or "sized by the data"
    note(held, by, f"set the tiers: {', '.join(plan.name for plan in plans)}; {sizes}")
    return saved


def _check(plans: Sequence[TierPlan], assessment: Assessment) -> None:
    if not 1 <= len(plans) <= MOST_TIERS:
        raise ValidationError(
            _("An assessment has 1 to %(most)s tiers, not %(n)s.") % {"most": MOST_TIERS, "n": len(plans)}
        )
    for number, plan in enumerate(plans):
        if not plan.name or len(plan.name) > 80:
            raise ValidationError(_("Tier %(n)s needs a name of at most 80 characters.") % {"n": number + 1})
        if any(same_name(plan.name, other.name) for other in plans[:number]):
            raise ValidationError(
                _("Two tiers are named “%(plan)s”. Give one of them another name.") % {"plan": plan.name}
            )
    counts = [plan.count for plan in plans if plan.count is not None]
    if counts and len(counts) < len(plans):
        raise ValidationError(_("Give every tier a number of issues, or none of them: then the data decide."))
    if any(count < 1 for count in counts):
        raise ValidationError(_("A tier holds at least one issue."))
    listed = assessment.issues.asked().count()
    # While the list still grows the numbers may run ahead of it.
    if counts and assessment.phase != Phase.SCOPING and sum(counts) != listed:
        raise ValidationError(
            _("These tiers hold %(sum)s issues, but the list has %(listed)s. Make them add up.")
            % {"sum": sum(counts), "listed": listed}
        )

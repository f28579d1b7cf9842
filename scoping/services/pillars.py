"""The pillars of the company's own sustainability model. Nobody is asked about them, so they never freeze."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Assessment, Issue, Pillar
from scoping.services.scope import current, hold, note, require_short, same_name
from tables.names import tidy

# A model that nobody can keep in mind is none.
MOST_PILLARS = 20


@transaction.atomic
def save_pillar(
    *,
    assessment: Assessment,
    name: str,
    topics: str = "",
    issues: Collection[Issue] = (),
    pillar: Pillar | None = None,
    by: User | None = None,
) -> Pillar:
    """
    Adds a pillar that carries `issues`, or changes `pillar`; `topics` one per line. An issue may be carried by several.

    Raises
    ------
    ValidationError
        By field: a name that is empty or taken. Without a field: issues of another assessment, or too many pillars.
    """
    held = hold(assessment)
    if (pillar is not None and pillar.assessment_id != held.pk) or any(
        issue.assessment_id != held.pk for issue in issues
    ):
        raise ValidationError(_("Pillar and issues belong to another assessment. Choose them from the lists."))
    if held.issues.filter(pk__in=[issue.pk for issue in issues]).count() < len({issue.pk for issue in issues}):
        raise ValidationError(_("One of these issues was removed meanwhile. Open the page again, then choose."))
    name = tidy(name)
    pillar = current(pillar) if pillar else None
    others = [other for other in held.pillars.all() if other != pillar]
    if any(same_name(other.name, name) for other in others):
        raise ValidationError(
            {"name": _("There is already a pillar named “%(name)s”. Give this one another name.") % {"name": name}}
        )
    if pillar is None and len(others) >= MOST_PILLARS:
        raise ValidationError(
            _("A model has at most %(most)s pillars here. Join some of them first.") % {"most": MOST_PILLARS}
        )
    end = max((other.position for other in others), default=-1) + 1
    saved = pillar or Pillar(assessment=held, position=end)
    saved.name = name
    saved.topics = "\n".join(line for line in map(tidy, topics.splitlines()) if line)
    require_short(topics=saved.topics)
    saved.full_clean(exclude=["assessment"], validate_unique=False, validate_constraints=False)
    saved.save()
    saved.issues.set(issues)
    note(held, by, f"{'changed' if pillar else 'added'} the pillar {saved.name}")
    return saved


@transaction.atomic
def remove_pillar(*, pillar: Pillar, by: User | None = None) -> None:
    """Removes the pillar; the issues that it carried stay."""
    held = hold(pillar.assessment)
    pillar.delete()
    note(held, by, f"removed the pillar {pillar.name}")

"""What stakeholders ask about and what the company answers. No question depends on it, so it never freezes."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from scoping.models import Assessment, Concern, Issue, StakeholderGroup
from scoping.services.scope import current, hold, note, require_room, require_short, same_name
from tables.names import tidy


@transaction.atomic
def save_concern(
    *,
    assessment: Assessment,
    group: StakeholderGroup,
    topic: str,
    response: str = "",
    issue: Issue | None = None,
    concern: Concern | None = None,
    by: User | None = None,
) -> Concern:
    """Adds a topic of concern of `group`, or changes `concern`. One group names a topic once."""
    held = hold(assessment)
    if group.assessment_id != held.pk or (issue is not None and issue.assessment_id != held.pk):
        raise ValidationError(_("Group and issue belong to another assessment. Choose them from the lists."))
    group, issue = current(group), current(issue) if issue else None
    concern = current(concern) if concern else None
    topic = tidy(topic)
    others = [other for other in group.concerns.all() if other != concern]
    if any(same_name(other.topic, topic) for other in others):
        raise ValidationError(
            {
                "topic": _("%(group)s already has the topic of concern “%(topic)s”. Change that entry instead.")
                % {"group": group.name, "topic": topic}
            }
        )
    moves = concern is None or concern.group_id != group.pk
    if moves:
        require_room(len(others), owner=group.name, what=pgettext("counted", "topics of concern"))
    saved = concern or Concern(position=max((other.position for other in others), default=-1) + 1)
    if concern and moves:
        saved.reading = ""  # the reader of the report has decided for another group
    saved.group, saved.topic, saved.response, saved.issue = group, topic, response.strip(), issue
    require_short(response=saved.response)
    saved.full_clean(exclude=["group", "issue"])
    saved.save()
    note(held, by, f"{'changed' if concern else 'added'} the topic of concern {saved.topic} of {group.name}")
    return saved


@transaction.atomic
def remove_concern(*, concern: Concern, by: User | None = None) -> None:
    held = hold(concern.group.assessment)
    concern.delete()
    note(held, by, f"removed the topic of concern {concern.topic} of {concern.group.name}")

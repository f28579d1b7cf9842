"""The register beside the groups: channels, scores with their reasons, and weights that follow from them or not.

No question depends on any of it, so it never freezes; results that were computed with other weights are out of date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Assessment, Channel, Score, StakeholderGroup, StakeholderModel, WeightBasis
from scoping.services.groups import checked_weight, require_weights
from scoping.services.scope import current, hold, note, require_room, require_short, same_name
from scoping.stakeholding import HIGHEST, LEVELS, LOWEST, MODELS, Model, in_plain
from tables.names import tidy


@transaction.atomic
def save_channel(
    *,
    group: StakeholderGroup,
    name: str,
    frequency: str = "",
    channel: Channel | None = None,
    by: User | None = None,
) -> Channel:
    """Adds a way in which the company and `group` talk, or changes `channel`. One group has a channel once."""
    held = hold(group.assessment)
    group, channel = current(group), current(channel) if channel else None
    name = tidy(name)
    others = [other for other in group.channels.all() if other != channel]
    if any(same_name(other.name, name) for other in others):
        raise ValidationError(
            {
                "name": _("%(group)s already has the channel “%(name)s”. Change that entry instead.")
                % {"group": group.name, "name": name}
            }
        )
    if channel is None:
        require_room(len(others), owner=group.name, what=_("channels"))
    saved = channel or Channel(group=group, position=max((other.position for other in others), default=-1) + 1)
    saved.name, saved.frequency = name, tidy(frequency)
    saved.full_clean(exclude=["group"])
    saved.save()
    note(held, by, f"{'changed' if channel else 'added'} the channel {saved.name} of {group.name}")
    return saved


@transaction.atomic
def remove_channel(*, channel: Channel, by: User | None = None) -> None:
    held = hold(channel.group.assessment)
    channel.delete()
    note(held, by, f"removed the channel {channel.name} of {channel.group.name}")


@dataclass(frozen=True)
class GivenScore:
    """A score as somebody gave it, and why."""

    value: int
    reason: str


# By group code and attribute; None takes a score away.
GivenScores = Mapping[tuple[str, str], GivenScore | None]


@transaction.atomic
def save_scores(
    *, assessment: Assessment, model: StakeholderModel | str, scores: GivenScores, by: User | None = None
) -> int:
    """
    Weighs the groups by `model` from now on, and makes `scores` their scores; those not named stay. Weights stay too:
    what scores suggest is accepted or overruled by itself.

    Returns
    -------
    int
        How many scores were given, changed or taken away.

    Raises
    ------
    ValidationError
        By `score_field` or `reason_field` of the group and attribute: no score from 1 to 5, or no reason. Without a
        field: a group that is not of this assessment, or an attribute that the model does not ask for.
    """
    held = hold(assessment)
    chosen = MODELS[StakeholderModel(model).value]
    groups = {group.code: group for group in held.groups.all()}
    _check(scores, groups, chosen)
    attributes = [attribute.slug for attribute in chosen.attributes]
    present = {
        (score.group.code, score.attribute): score
        for score in Score.objects.filter(group__assessment=held, attribute__in=attributes).select_related("group")
    }
    added, changed, gone = [], [], []
    for (code, attribute), given in scores.items():
        score = present.get((code, attribute))
        if given is None:
            if score:
                gone.append(score.pk)
            continue
        value, reason = given.value, given.reason.strip()
        if score is None:
            added.append(Score(group=groups[code], attribute=attribute, value=value, reason=reason))
        elif (score.value, score.reason) != (value, reason):
            score.value, score.reason = value, reason
            changed.append(score)
    Score.objects.bulk_create(added)
    Score.objects.bulk_update(changed, ["value", "reason"])
    Score.objects.filter(pk__in=gone).delete()
    count = len(added) + len(changed) + len(gone)
    if count or held.stakeholder_model != chosen.slug:
        what = f"changed {count} score{'' if count == 1 else 's'} of stakeholder groups"
        note(held, by, f"{what}: {chosen.name.lower()}")
    held.stakeholder_model = assessment.stakeholder_model = StakeholderModel(chosen.slug)
    held.save(update_fields=["stakeholder_model"])
    return count


def score_field(code: str, attribute: str) -> str:
    """The name under which a form and `save_scores` speak of a score."""
    return f"{code}-{attribute}"


def reason_field(code: str, attribute: str) -> str:
    return f"{code}-{attribute}-reason"


def ask_for_reason(group: str, attribute: str, value: int) -> str:
    """What is said where a score has no reason."""
    return _("%(group)s, %(attribute)s: write why the score is %(value)s.") % {
        "group": group,
        "attribute": attribute,
        "value": value,
    }


def _check(scores: GivenScores, groups: Mapping[str, StakeholderGroup], model: Model) -> None:
    names = {attribute.slug: _(attribute.name).lower() for attribute in model.attributes}
    problems = {}
    for (code, attribute), given in scores.items():
        if code not in groups or attribute not in names:
            raise ValidationError(
                _("The groups or the model have changed meanwhile. Look at the scores again, then save.")
            )
        if given is None:
            continue
        require_short(**{reason_field(code, attribute): given.reason.strip()})
        if given.value not in LEVELS:
            message = _("%(group)s, %(attribute)s: choose a score from %(lowest)s to %(highest)s.") % {
                "group": groups[code].name,
                "attribute": names[attribute],
                "lowest": LOWEST,
                "highest": HIGHEST,
            }
            problems[score_field(code, attribute)] = message
        elif not given.reason.strip():
            message = ask_for_reason(groups[code].name, names[attribute], given.value)
            problems[reason_field(code, attribute)] = message
    if problems:
        raise ValidationError(problems)


@transaction.atomic
def accept_weight(*, group: StakeholderGroup, by: User | None = None) -> StakeholderGroup:
    """Gives `group` the weight that its scores suggest."""
    held = hold(group.assessment)
    groups = list(held.groups.all())
    present = current(group, groups)
    suggested = _suggestions(held).get(present.pk)
    if suggested is None:
        raise ValidationError(
            _("Nothing is suggested for “%(present)s” yet. %(score_first)s")
            % {"present": present.name, "score_first": _score_first(held)}
        )
    _accept(present, suggested)
    require_weights(groups, field=None)
    present.save(update_fields=WEIGHT_FIELDS)
    note(held, by, f"accepted the suggested weight {in_plain(suggested)} of the group {present.name}")
    return present


@transaction.atomic
def accept_weights(*, assessment: Assessment, by: User | None = None) -> int:
    """Gives every group the weight that its scores suggest, and returns how many changed. Groups without a suggestion
    keep theirs, and those whose weight overrules it, since somebody gave a reason for that."""
    held = hold(assessment)
    groups = list(held.groups.all())
    suggestions = _suggestions(held)
    if not suggestions:
        raise ValidationError(
            _("Nothing is suggested for any group yet. %(score_first)s") % {"score_first": _score_first(held)}
        )
    accepted = []
    for group in groups:
        suggested = suggestions.get(group.pk)
        if suggested is None or group.weight_basis == WeightBasis.OVERRULED:
            continue
        if group.weight != suggested or group.weight_basis != WeightBasis.ACCEPTED:
            _accept(group, suggested)
            accepted.append(group)
    require_weights(groups, field=None)
    StakeholderGroup.objects.bulk_update(accepted, WEIGHT_FIELDS)
    if accepted:
        note(held, by, f"accepted the suggested weights of {len(accepted)} group{'' if len(accepted) == 1 else 's'}")
    return len(accepted)


@transaction.atomic
def overrule_weight(
    *, group: StakeholderGroup, weight: Decimal | int, reason: str, by: User | None = None
) -> StakeholderGroup:
    """
    Gives `group` another weight than its scores suggest, and keeps why.

    Raises
    ------
    ValidationError
        By field: no reason, a weight below 0, a side whose weights would all be 0. Without a field: nothing is
        suggested that could be overruled.
    """
    held = hold(group.assessment)
    groups = list(held.groups.all())
    present = current(group, groups)
    suggested = _suggestions(held).get(present.pk)
    if suggested is None:
        raise ValidationError(
            _("Nothing is suggested for “%(present)s” that you could overrule. %(score_first)s")
            % {"present": present.name, "score_first": _score_first(held)}
        )
    if not reason.strip():
        message = _("Write why %(present)s shall not have the suggested weight of %(suggested)s.") % {
            "present": present.name,
            "suggested": in_plain(suggested),
        }
        raise ValidationError({"reason": message})
    require_short(reason=reason.strip())
    present.weight, present.weight_basis = checked_weight(weight), WeightBasis.OVERRULED
    present.weight_reason, present.weight_suggested = reason.strip(), suggested
    present.full_clean(exclude=["assessment"])
    require_weights(groups, field="weight")
    present.save(update_fields=WEIGHT_FIELDS)
    change = f"{in_plain(present.weight)} instead of the suggested {in_plain(suggested)}"
    note(held, by, f"gave the group {present.name} the weight {change}")
    return present


WEIGHT_FIELDS = ["weight", "weight_basis", "weight_reason", "weight_suggested"]


def _accept(group: StakeholderGroup, suggested: Decimal) -> None:
    group.weight, group.weight_basis = suggested, WeightBasis.ACCEPTED
    group.weight_reason, group.weight_suggested = "", None


def _suggestions(assessment: Assessment) -> dict[int, Decimal]:
    """The suggested weight by group, for those that have every score of the assessment's model."""
    model = MODELS[assessment.stakeholder_model]
    by_group: dict[int, dict[str, int]] = {}
    for group, attribute, value in Score.objects.filter(group__assessment=assessment).values_list(
        "group_id", "attribute", "value"
    ):
        by_group.setdefault(group, {})[attribute] = value
    judged = {group: model.judge(scores) for group, scores in by_group.items()}
    return {group: judgement.weight for group, judgement in judged.items() if judgement}


def _score_first(assessment: Assessment) -> str:
    return _("Score %(attributes)s first.") % {"attributes": MODELS[assessment.stakeholder_model].asked}

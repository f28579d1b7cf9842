"""The stakeholder register: who they are, what they ask and how one talks with them, what scores say about them, and
where their weights come from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from scoping.models import Assessment, Channel, Concern, Contact, Score, Side, StakeholderGroup, WeightBasis
from scoping.selectors.scope import WeightedGroup, axes_of
from scoping.stakeholding import (
    MODELS,
    POWER_INTEREST,
    Attribute,
    Judgement,
    Model,
    StakeholderClass,
    in_plain,
    is_high,
)
from scoping.wording import capital, enumerated, spelled

# More names than these make a headline a list.
MOST_NAMED = 5
Row = TypeVar("Row", Concern, Channel, Score)


@dataclass(frozen=True)
class RegisteredGroup:
    """A row of the register: the group, its topics of concern, the channels, and how many people are known there."""

    group: StakeholderGroup
    topics: tuple[Concern, ...]
    channels: tuple[Channel, ...]
    contacts: int

    @property
    def is_internal(self) -> bool:
        return self.group.side == Side.INTERNAL

    @property
    def headcount_doubt(self) -> str:
        return headcount_doubt(self.group.headcount, self.contacts)


def headcount_doubt(headcount: int | None, contacts: int) -> str:
    """What is said where a group has more contacts than people; empty where it has not, or nobody knows."""
    if headcount is None or contacts <= headcount:
        return ""
    text = ngettext(
        "%(n)s contact is registered, more than the %(people)s people in the group. "
        "Look at that number again, or at the contacts.",
        "%(n)s contacts are registered, more than the %(people)s people in the group. "
        "Look at that number again, or at the contacts.",
        contacts,
    )
    return text % {"n": f"{contacts:,}", "people": f"{headcount:,}"}


@dataclass(frozen=True)
class GroupFacts:
    """What rules for weights start from.

    Attributes
    ----------
    headcount : people in the group, 1 or more; None where nobody knows.
    power, interest : scores from 1 to 5; None where nobody has scored them.
    contacts : people who are registered in the group, 0 or more.
    """

    headcount: int | None = None
    power: int | None = None
    interest: int | None = None
    contacts: int = 0


def group_facts(assessment: Assessment) -> dict[int, GroupFacts]:
    """By the group's key, every group of the assessment in its order. Scores are those that were given, also where the
    assessment has gone over to another model."""
    scores = {
        (group, attribute): value
        for group, attribute, value in Score.objects.filter(
            group__assessment=assessment, attribute__in=["power", "interest"]
        ).values_list("group_id", "attribute", "value")
    }
    contacts = contacts_by_group(assessment)
    return {
        pk: GroupFacts(headcount, scores.get((pk, "power")), scores.get((pk, "interest")), contacts.get(pk, 0))
        for pk, headcount in assessment.groups.values_list("pk", "headcount")
    }


def register_of(assessment: Assessment) -> list[RegisteredGroup]:
    """All groups in order, with what the register has on each."""
    topics = _by_group(Concern.objects.filter(group__assessment=assessment).select_related("issue"))
    channels = _by_group(Channel.objects.filter(group__assessment=assessment))
    contacts = contacts_by_group(assessment)
    return [
        RegisteredGroup(group, topics[group.pk], channels[group.pk], contacts.get(group.pk, 0))
        for group in assessment.groups.all()
    ]


def registered_group(group: StakeholderGroup) -> RegisteredGroup:
    """What the register has on one group."""
    return RegisteredGroup(
        group=group,
        topics=tuple(group.concerns.select_related("issue")),
        channels=tuple(group.channels.all()),
        contacts=group.contacts.count(),
    )


def what_goes_with(group: StakeholderGroup) -> str:
    """What is removed together with a group, for whoever is about to remove it."""
    attached = (
        (group.concerns, ngettext_lazy("%(n)s topic of concern", "%(n)s topics of concern", "number")),
        (group.channels, ngettext_lazy("%(n)s channel", "%(n)s channels", "number")),
        (group.scores, ngettext_lazy("%(n)s score", "%(n)s scores", "number")),
        (group.contacts, ngettext_lazy("%(n)s contact", "%(n)s contacts", "number")),
    )
    parts = [text % {"number": count, "n": spelled(count)} for rows, text in attached if (count := rows.count())]
    return enumerated(parts) or _("nothing else")


def contacts_by_group(assessment: Assessment) -> dict[int, int]:
    """How many people are known in each group that has some."""
    counted_rows = Contact.objects.filter(assessment=assessment).order_by().values("group").annotate(count=Count("pk"))
    return {row["group"]: row["count"] for row in counted_rows}


def _by_group(rows: Iterable[Row]) -> Mapping[int, tuple[Row, ...]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.group_id].append(row)
    return defaultdict(tuple, {group: tuple(listed_rows) for group, listed_rows in found.items()})


@dataclass(frozen=True)
class AttributeScore:
    """How much of an attribute a group has; None while nobody has said."""

    attribute: Attribute
    value: int | None
    reason: str

    @property
    def is_high(self) -> bool:
        return self.value is not None and is_high(self.value)


@dataclass(frozen=True)
class ScoredGroup:
    """A group with its scores by the assessment's model, what they say, and its weight beside the suggested one.

    `share` is its part of its axis as weights are, and `share_then` as it would be with all suggestions accepted.
    """

    number: int
    group: StakeholderGroup
    scores: tuple[AttributeScore, ...]
    judgement: Judgement | None
    share: str
    share_then: str

    @property
    def is_internal(self) -> bool:
        return self.group.side == Side.INTERNAL

    @property
    def weight(self) -> str:
        return in_plain(self.group.weight)

    @property
    def suggestion(self) -> str:
        """The suggested weight; empty while a score is missing."""
        return in_plain(self.judgement.weight) if self.judgement else ""

    @property
    def is_as_suggested(self) -> bool:
        return self.judgement is not None and self.group.weight == self.judgement.weight

    @property
    def is_overruled(self) -> bool:
        return self.group.weight_basis == WeightBasis.OVERRULED

    @property
    def overruled(self) -> str:
        """The suggestion that its reason was written for; today's where nobody noted that one."""
        noted = self.group.weight_suggested
        return self.suggestion if noted is None else in_plain(noted)

    @property
    def has_moved(self) -> bool:
        """Whether the suggestion was accepted or overruled once and is another one by now."""
        if self.is_overruled:
            return self.overruled != self.suggestion
        return self.group.weight_basis == WeightBasis.ACCEPTED and not self.is_as_suggested

    @property
    def is_open(self) -> bool:
        """Whether somebody should accept the suggestion, or overrule it with a reason: one that fits it."""
        if self.judgement is None:
            return False
        return self.has_moved if self.is_overruled else not self.is_as_suggested

    @property
    def would_change(self) -> bool:
        """Whether accepting all suggestions gives it another weight; what is overruled is spared."""
        return self.is_open and not self.is_overruled

    @property
    def is_weightless(self) -> bool:
        """Whether it is asked and does not count."""
        return not self.group.weight

    @property
    def would_be_weightless(self) -> bool:
        return self.would_change and self.judgement is not None and not self.judgement.weight

    @property
    def missing(self) -> str:
        """The attributes without a score."""
        return enumerated([_(score.attribute.name).lower() for score in self.scores if score.value is None])


def scored_groups(assessment: Assessment) -> list[ScoredGroup]:
    """All groups in order, judged by the model that the assessment has chosen."""
    model = MODELS[assessment.stakeholder_model]
    groups = list(assessment.groups.all())
    by_group = _by_group(Score.objects.filter(group__assessment=assessment))
    judged = {group.pk: _judge(model, by_group[group.pk]) for group in groups}
    shares = _shares(groups)
    then = _shares(groups, {pk: judgement.weight for pk, judgement in judged.items() if judgement})
    return [
        ScoredGroup(
            number=number,
            group=group,
            scores=_in_order(model, by_group[group.pk]),
            judgement=judged[group.pk],
            share=shares[group.pk],
            share_then=then[group.pk],
        )
        for number, group in enumerate(groups, start=1)
    ]


@dataclass(frozen=True)
class ScoredAxis:
    """The scored groups of one side."""

    side: Side
    groups: tuple[ScoredGroup, ...]

    @property
    def is_half_decided(self) -> bool:
        """Whether weights on the scale of the scores stand beside entered ones that still wait to be decided."""
        follow = any(one.group.weight_basis == WeightBasis.ACCEPTED for one in self.groups)
        return follow and any(one.would_change and one.group.weight_basis == WeightBasis.ENTERED for one in self.groups)


def scored_axes(groups: Sequence[ScoredGroup]) -> list[ScoredAxis]:
    """The scored groups by the axis they speak for; only the axes that have groups."""
    axes = (ScoredAxis(side, tuple(one for one in groups if one.group.side == side)) for side in Side)
    return [axis for axis in axes if axis.groups]


def scored_group(group: StakeholderGroup) -> ScoredGroup:
    """One of `scored_groups`: shares depend on all of them."""
    return next(one for one in scored_groups(group.assessment) if one.group.pk == group.pk)


def scores_given(assessment: Assessment, model: Model) -> dict[tuple[str, str], Score]:
    """The scores that `model` asks for, by group code and attribute."""
    attributes = [attribute.slug for attribute in model.attributes]
    found = Score.objects.filter(group__assessment=assessment, attribute__in=attributes).select_related("group")
    return {(score.group.code, score.attribute): score for score in found}


def _judge(model: Model, scores: Sequence[Score]) -> Judgement | None:
    return model.judge({score.attribute: score.value for score in scores})


def _in_order(model: Model, scores: Sequence[Score]) -> tuple[AttributeScore, ...]:
    found = {score.attribute: score for score in scores}
    return tuple(
        AttributeScore(attribute, found[attribute.slug].value, found[attribute.slug].reason)
        if attribute.slug in found
        else AttributeScore(attribute, None, "")
        for attribute in model.attributes
    )


def _shares(groups: Sequence[StakeholderGroup], suggested: Mapping[int, Decimal] | None = None) -> dict[int, str]:
    """Each group's part of its axis in percent; with `suggested`, as if these weights were accepted where nobody has
    overruled them."""
    if suggested is None:
        axes = axes_of(groups)
        return {weighted.group.pk: weighted.percent for axis in axes for weighted in axis.groups}
    shares = {}
    for side in Side:
        weights = {
            group.pk: group.weight
            if group.weight_basis == WeightBasis.OVERRULED
            else suggested.get(group.pk, group.weight)
            for group in groups
            if group.side == side
        }
        total = sum(weights.values(), Decimal(0))
        for group in groups:
            if group.pk in weights:
                shares[group.pk] = WeightedGroup(group, weights[group.pk] / total if total else Decimal(0)).percent
    return shares


@dataclass(frozen=True)
class Part:
    """The groups of one strategy or class of salience."""

    of_class: StakeholderClass
    groups: tuple[ScoredGroup, ...]


def parts_of(model: Model, groups: Sequence[ScoredGroup]) -> list[Part]:
    """The scored groups by strategy or class, the most important first; only those that have groups."""
    parts = (
        Part(of_class, tuple(one for one in groups if one.judgement and one.judgement.of_class == of_class))
        for of_class in model.classes
    )
    return [part for part in parts if part.groups]


def headline(model: Model, groups: Sequence[ScoredGroup]) -> str:
    """What the scores find, in one sentence; empty while no group has all of its scores."""
    judged = [one for one in groups if one.judgement]
    if not judged:
        return ""
    first = model.classes[0]
    found = [one.group.name for one in judged if one.judgement and one.judgement.of_class == first]
    named = 0 < len(found) <= MOST_NAMED
    if model == POWER_INTEREST and named:
        text = ngettext(
            "%(n)s group is to be managed closely: %(names)s.",
            "%(n)s groups are to be managed closely: %(names)s.",
            len(found),
        )
    elif model == POWER_INTEREST:
        text = ngettext("%(n)s group is to be managed closely.", "%(n)s groups are to be managed closely.", len(found))
    elif named:
        text = ngettext(
            "%(n)s group holds power, legitimacy and urgency together: %(names)s.",
            "%(n)s groups hold power, legitimacy and urgency together: %(names)s.",
            len(found),
        )
    else:
        text = ngettext(
            "%(n)s group holds power, legitimacy and urgency together.",
            "%(n)s groups hold power, legitimacy and urgency together.",
            len(found),
        )
    return text % {"n": capital(spelled(len(found))), "names": enumerated(found)}

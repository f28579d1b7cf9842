"""What people type about channels, scores and weights. Rules that hold beyond the page are the services'."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from scoping.forms.base import ScopingForm
from scoping.forms.scope import WEIGHT_MISTAKES
from scoping.models import Channel, Score, Side, StakeholderGroup
from scoping.services.stakeholders import GivenScore, ask_for_reason, reason_field, score_field
from scoping.stakeholding import HIGHEST, LEVELS, LOWEST, Attribute, Model


class ChannelForm(ScopingForm):
    name = forms.CharField(
        label=gettext_lazy("Channel"),
        max_length=300,
        help_text=gettext_lazy("Such as a satisfaction survey, a hotline, a works council, investor calls."),
        error_messages={"required": gettext_lazy("Name the channel, such as Hotline.")},
    )
    frequency = forms.CharField(
        label=gettext_lazy("How often"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Such as daily, each quarter, as needed."),
    )

    def __init__(self, *args: Any, channel: Channel | None = None, **kwargs: Any) -> None:
        if channel is not None:
            kwargs["initial"] = {"name": channel.name, "frequency": channel.frequency}
        super().__init__(*args, **kwargs)


@dataclass(frozen=True)
class ScoreRow:
    """The two fields of one attribute of one group."""

    attribute: Attribute
    value: forms.BoundField
    reason: forms.BoundField


@dataclass(frozen=True)
class GroupRows:
    """The fields of one group."""

    group: StakeholderGroup
    is_internal: bool
    rows: list[ScoreRow]


class ScoresForm(ScopingForm):
    """For each group and attribute of `model` a score and its reason. An empty score is taken away."""

    def __init__(
        self,
        *args: Any,
        groups: Sequence[StakeholderGroup],
        model: Model,
        present: Mapping[tuple[str, str], Score],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.groups, self.model = groups, model
        choices = [("", "–"), *((value, f"{value} {gettext(meaning)}") for value, meaning in LEVELS.items())]
        for group in groups:
            for attribute in model.attributes:
                score = present.get((group.code, attribute.slug))
                name = gettext(attribute.name)
                wrong = gettext("%(group)s, %(attribute)s: choose a score from %(lowest)s to %(highest)s.") % {
                    "group": group.name,
                    "attribute": name.lower(),
                    "lowest": LOWEST,
                    "highest": HIGHEST,
                }
                self.fields[score_field(group.code, attribute.slug)] = forms.TypedChoiceField(
                    label=name,
                    choices=choices,
                    coerce=int,
                    empty_value=None,
                    required=False,
                    initial=score.value if score else None,
                    error_messages={"invalid_choice": wrong},
                )
                self.fields[reason_field(group.code, attribute.slug)] = forms.CharField(
                    label=gettext("Why this score for %(attribute)s") % {"attribute": name.lower()},
                    required=False,
                    max_length=2000,
                    widget=forms.Textarea(attrs={"rows": 2}),
                    initial=score.reason if score else "",
                )

    def clean(self) -> dict[str, Any]:
        """Finds all missing halves at once, so that nobody mends them one by one."""
        values = super().clean() or {}
        for group in self.groups:
            for attribute in self.model.attributes:
                field, reason = (name(group.code, attribute.slug) for name in (score_field, reason_field))
                if field in self.errors or reason in self.errors:
                    continue
                value, name = values.get(field), gettext(attribute.name).lower()
                if value is not None and not values.get(reason):
                    self.add_error(reason, ValidationError(ask_for_reason(group.name, name, value)))
                elif value is None and values.get(reason):
                    message = gettext("%(group)s, %(attribute)s: choose the score that this reason is for.")
                    self.add_error(field, ValidationError(message % {"group": group.name, "attribute": name}))
        return values

    def given(self) -> dict[tuple[str, str], GivenScore | None]:
        """What was sent, as `save_scores` takes it."""
        scores: dict[tuple[str, str], GivenScore | None] = {}
        for group in self.groups:
            for attribute in self.model.attributes:
                place = group.code, attribute.slug
                value = self.cleaned_data[score_field(*place)]
                reason = self.cleaned_data[reason_field(*place)]
                scores[place] = None if value is None else GivenScore(value, reason)
        return scores

    def rows_by_group(self) -> list[GroupRows]:
        """The fields, group by group, for the template."""
        return [
            GroupRows(group, group.side == Side.INTERNAL, [self._row(group, one) for one in self.model.attributes])
            for group in self.groups
        ]

    def _row(self, group: StakeholderGroup, attribute: Attribute) -> ScoreRow:
        place = group.code, attribute.slug
        return ScoreRow(attribute, self[score_field(*place)], self[reason_field(*place)])

    def mistakes(self) -> list[tuple[str, str]]:
        """What is wrong: the id of the field, and the message, in the order of the page."""
        return [
            (self[name].id_for_label, str(message)) for name in self.fields for message in self.errors.get(name, [])
        ]


class WeightForm(ScopingForm):
    """Another weight than the suggested one, and why."""

    weight = forms.DecimalField(
        label=gettext_lazy("Weight"),
        min_value=0,
        max_digits=9,
        decimal_places=4,
        help_text=gettext_lazy(
            "Relative to the other groups on the same side: 2 counts twice as much as 1, and 0 not at all."
        ),
        error_messages=WEIGHT_MISTAKES | {"required": gettext_lazy("Enter a number, or accept the suggestion.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why not the suggested weight"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands beside the weight wherever the weight is explained."),
        error_messages={"required": gettext_lazy("Write why the group shall not have the suggested weight.")},
    )

    def __init__(self, *args: Any, group: StakeholderGroup, **kwargs: Any) -> None:
        kwargs["initial"] = {"weight": group.weight.normalize(), "reason": group.weight_reason}
        super().__init__(*args, **kwargs)

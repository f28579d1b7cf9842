"""What people type about groups, tiers and concerns. Rules that hold beyond the page are the services'."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from scoping.forms.base import ScopingForm
from scoping.models import Assessment, Concern, Issue, Side, StakeholderGroup
from scoping.services import TierPlan
from scoping.services.tiers import MOST_TIERS

MOST_IN_A_TIER = 10_000
TOO_LONG = gettext_lazy("A weight is at most 99,999.9999, with at most four decimals.")
WEIGHT_MISTAKES = {
    "min_value": gettext_lazy("A weight is 0 or more."),
    "invalid": gettext_lazy("Enter a number, such as 1 or 2.5."),
    "max_digits": TOO_LONG,
    "max_whole_digits": TOO_LONG,
    "max_decimal_places": TOO_LONG,
}


class GroupForm(ScopingForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Name the group, such as Customers.")},
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Speaks for"),
        choices=[(Side.INTERNAL, gettext_lazy("The company")), (Side.EXTERNAL, gettext_lazy("Stakeholders"))],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The mean of the groups on each side is one axis of the matrix."),
        error_messages={"required": gettext_lazy("Choose the axis that the group counts for.")},
    )
    weight = forms.DecimalField(
        label=gettext_lazy("Weight"),
        min_value=0,
        max_digits=9,
        decimal_places=4,
        initial=1,
        help_text=gettext_lazy(
            "Relative to the other groups on the same side: 2 counts twice as much as 1, and 0 not at all."
        ),
        error_messages=WEIGHT_MISTAKES | {"required": gettext_lazy("Enter a number; 1 if all groups count the same.")},
    )
    headcount = forms.IntegerField(
        label=gettext_lazy("People in the group"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 1}),
        help_text=gettext_lazy(
            "All who belong to it, asked or not: the staff on the payroll, the holders of shares. "
            "Leave it empty where nobody knows."
        ),
        error_messages={
            "invalid": gettext_lazy("Enter a whole number in digits alone, such as 4200, or leave it empty."),
        },
    )
    relevance = forms.CharField(
        label=gettext_lazy("Why the group matters to the company"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One or two sentences, as they may stand in the report."),
    )

    def __init__(
        self,
        *args: Any,
        group: StakeholderGroup | None = None,
        frozen: bool = False,
        suggested: bool = False,
        **kwargs: Any,
    ) -> None:
        if group is not None:
            weight = Decimal(f"{group.weight.normalize():f}")
            kwargs["initial"] = {
                "name": group.name,
                "side": group.side,
                "weight": weight,
                "headcount": group.headcount,
                "relevance": group.relevance,
            }
        super().__init__(*args, **kwargs)
        # A disabled field keeps its value whatever is sent.
        if frozen:
            self.fields["name"].disabled = self.fields["side"].disabled = True
        if suggested:
            # Where scores suggest a weight, another one needs a reason, which is asked for elsewhere.
            self.fields["weight"].disabled = True

    def clean_weight(self) -> Decimal | None:
        """None where it is not asked for: by now it may be another than the page showed."""
        return None if self.fields["weight"].disabled else self.cleaned_data["weight"]


class TiersForm(ScopingForm):
    """Up to five tiers, highest first; a row without a name is no tier."""

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = list(assessment.tiers.all())
        self.rows = range(1, MOST_TIERS + 1)
        for number in self.rows:
            tier = present[number - 1] if number <= len(present) else None
            self.fields[f"tier_{number}"] = forms.ModelChoiceField(
                assessment.tiers.all(), required=False, widget=forms.HiddenInput, initial=tier
            )
            self.fields[f"name_{number}"] = forms.CharField(
                label=gettext("Name of tier %(number)s") % {"number": number},
                max_length=80,
                required=False,
                initial=tier.name if tier else "",
            )
            self.fields[f"count_{number}"] = forms.IntegerField(
                label=gettext("Issues in tier %(number)s") % {"number": number},
                required=False,
                min_value=1,
                max_value=MOST_IN_A_TIER,
                initial=tier.planned_count if tier else None,
                error_messages={
                    "invalid": gettext("Enter a whole number, or leave it empty."),
                    "min_value": gettext("A tier holds at least one issue."),
                    "max_value": gettext("A tier holds at most %(most)s issues.") % {"most": f"{MOST_IN_A_TIER:,}"},
                },
            )

    def fields_by_tier(self) -> list[dict[str, forms.BoundField]]:
        """The three fields of each row, for the template."""
        return [{part: self[f"{part}_{number}"] for part in ("tier", "name", "count")} for number in self.rows]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for number in self.rows:
            if values.get(f"count_{number}") and not values.get(f"name_{number}"):
                self.add_error(f"name_{number}", gettext("This tier has a number of issues and needs a name."))
        return values

    def plans(self) -> list[TierPlan]:
        rows = [
            {part: self.cleaned_data.get(f"{part}_{number}") for part in ("tier", "name", "count")}
            for number in self.rows
        ]
        return [
            TierPlan(row["name"], row["count"], row["tier"].pk if row["tier"] else None) for row in rows if row["name"]
        ]


class ConcernForm(ScopingForm):
    group = forms.ModelChoiceField(
        StakeholderGroup.objects.none(),
        label=gettext_lazy("Stakeholder group"),
        to_field_name="code",
        error_messages={
            "required": gettext_lazy("Choose who asks."),
            "invalid_choice": gettext_lazy("Choose one of the groups in the list."),
        },
    )
    topic = forms.CharField(
        label=gettext_lazy("Topic of concern"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say what the group asks about.")},
    )
    issue = forms.ModelChoiceField(
        Issue.objects.none(),
        label=gettext_lazy("Issue in the list"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("none of them"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the issues in the list, or none of them.")},
    )
    response = forms.CharField(
        label=gettext_lazy("What the company does about it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, assessment: Assessment, concern: Concern | None = None, **kwargs: Any) -> None:
        if concern is not None:
            kwargs["initial"] = {
                "group": concern.group.code,
                "topic": concern.topic,
                "issue": concern.issue.code if concern.issue else "",
                "response": concern.response,
            }
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = assessment.groups.all()  # type: ignore[attr-defined]
        self.fields["issue"].queryset = assessment.issues.only("assessment", "code", "name")  # type: ignore[attr-defined]

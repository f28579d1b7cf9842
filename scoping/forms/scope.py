"""What people type about groups, tiers and concerns. Rules that hold beyond the page are the services'."""

from decimal import Decimal
from typing import Any

from django import forms

from scoping.forms.base import ScopingForm
from scoping.models import Assessment, Concern, Issue, Side, StakeholderGroup
from scoping.services import TierPlan
from scoping.services.tiers import MOST_TIERS

MOST_IN_A_TIER = 10_000
TOO_LONG = "A weight is at most 99,999.9999, with at most four decimals."
WEIGHT_MISTAKES = {
    "min_value": "A weight is 0 or more.",
    "invalid": "Enter a number, such as 1 or 2.5.",
    "max_digits": TOO_LONG,
    "max_whole_digits": TOO_LONG,
    "max_decimal_places": TOO_LONG,
}


class GroupForm(ScopingForm):
    name = forms.CharField(max_length=120, error_messages={"required": "Name the group, such as Customers."})
    side = forms.ChoiceField(
        label="Speaks for",
        choices=[(Side.INTERNAL, "The company"), (Side.EXTERNAL, "Stakeholders")],
        widget=forms.RadioSelect,
        help_text="The mean of the groups on each side is one axis of the matrix.",
        error_messages={"required": "Choose the axis that the group counts for."},
    )
    weight = forms.DecimalField(
        min_value=0,
        max_digits=9,
        decimal_places=4,
        initial=1,
        help_text="Relative to the other groups on the same side: 2 counts twice as much as 1, and 0 not at all.",
        error_messages=WEIGHT_MISTAKES | {"required": "Enter a number; 1 if all groups count the same."},
    )

    relevance = forms.CharField(
        label="Why the group matters to the company",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences, as they may stand in the report.",
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
            given = {"name": group.name, "side": group.side, "weight": weight, "relevance": group.relevance}
            kwargs["initial"] = given
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
                label=f"Name of tier {number}", max_length=80, required=False, initial=tier.name if tier else ""
            )
            self.fields[f"count_{number}"] = forms.IntegerField(
                label=f"Issues in tier {number}",
                required=False,
                min_value=1,
                max_value=MOST_IN_A_TIER,
                initial=tier.planned_count if tier else None,
                error_messages={
                    "invalid": "Enter a whole number, or leave it empty.",
                    "min_value": "A tier holds at least one issue.",
                    "max_value": f"A tier holds at most {MOST_IN_A_TIER:,} issues.",
                },
            )

    def fields_by_tier(self) -> list[dict[str, forms.BoundField]]:
        """The three fields of each row, for the template."""
        return [{part: self[f"{part}_{number}"] for part in ("tier", "name", "count")} for number in self.rows]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for number in self.rows:
            if values.get(f"count_{number}") and not values.get(f"name_{number}"):
                self.add_error(f"name_{number}", "This tier has a number of issues and needs a name.")
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
        label="Stakeholder group",
        to_field_name="code",
        error_messages={"required": "Choose who asks.", "invalid_choice": "Choose one of the groups in the list."},
    )
    topic = forms.CharField(
        label="Topic of concern", max_length=300, error_messages={"required": "Say what the group asks about."}
    )
    issue = forms.ModelChoiceField(
        Issue.objects.none(),
        label="Issue in the list",
        required=False,
        to_field_name="code",
        empty_label="none of them",
        error_messages={"invalid_choice": "Choose one of the issues in the list, or none of them."},
    )
    response = forms.CharField(
        label="What the company does about it",
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

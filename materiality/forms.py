"""Forms of the conclusion. They translate between fields and a Choice; what fits is decided by the services."""

from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, Quantiles
from materiality.services import Choice, method_with
from scoping.models import Assessment

PRIORITIES = [
    ("mean", gettext_lazy("Mean of both axes: both count the same")),
    ("max", gettext_lazy("The higher axis: one side is enough")),
    ("min", gettext_lazy("The lower axis: both sides must agree")),
    ("distance", gettext_lazy("Distance from the origin: as the mean, with more for the extremes")),
]
RULES = [
    ("", gettext_lazy("As the tiers say: by their sizes if they have some, else natural breaks")),
    (Counts.kind, gettext_lazy("Fixed counts: the sizes of the tiers")),
    (CutOffs.kind, gettext_lazy("Cut-offs on priority")),
    (AxisCutOffs.kind, gettext_lazy("Cut-offs that both axes must reach")),
    (NaturalBreaks.kind, gettext_lazy("Natural breaks: where the scores leave the widest gaps")),
    (Quantiles.kind, gettext_lazy("Equal shares of the ranked list")),
]


class MethodForm(forms.Form):
    """Priority rule and tier rule of one assessment."""

    priority = forms.ChoiceField(choices=PRIORITIES, label=gettext_lazy("Priority of an issue"))
    rule = forms.ChoiceField(choices=RULES, required=False, label=gettext_lazy("How issues get their tier"))
    cuts = forms.CharField(
        required=False,
        label=gettext_lazy("Cut-offs"),
        help_text=gettext_lazy(
            "Only for the two rules with cut-offs: the lowest score of every tier but the last, from high to "
            "low, such as 4; 3.2. A score of exactly 4 is inside."
        ),
        max_length=100,
    )

    def __init__(self, *args: Any, assessment: Assessment, choice: Choice, **kwargs: Any) -> None:
        self.assessment = assessment
        kwargs["initial"] = {"priority": choice.priority, "rule": choice.rule, "cuts": "; ".join(choice.cuts)}
        super().__init__(*args, **kwargs)

    def clean_cuts(self) -> tuple[str, ...]:
        if self.data.get("rule") not in (CutOffs.kind, AxisCutOffs.kind):
            return ()
        cuts = tuple(_parts(self.cleaned_data["cuts"]))
        for cut in cuts:
            try:
                Fraction(cut)
            except (ValueError, ZeroDivisionError) as error:
                wrong = _("%(cut)s is not a number. Write cut-offs such as 4; 3.2.") % {"cut": repr(cut)}
                raise ValidationError(wrong) from error
        return cuts

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                method_with(self.choice(), self.assessment)
            except ValidationError as error:
                self.add_error("cuts" if cleaned["cuts"] else "rule", error)
        return cleaned

    def choice(self) -> Choice:
        return Choice(**{name: self.cleaned_data[name] for name in ("priority", "rule", "cuts")})


def _parts(text: str) -> list[str]:
    """Numbers parted by semicolons, with decimal points or commas; or by commas, with decimal points."""
    parts = text.replace(",", ".").split(";") if ";" in text else text.split(",")
    return [part.strip() for part in parts if part.strip()]

"""Forms of the conclusion. They translate between fields and a Choice; what fits is decided by the services."""

from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from materiality.scoring.method import AxisCutOffs, Counts, CutOffs, NaturalBreaks, Quantiles
from materiality.services import Choice, method_with
from scoping.models import Assessment

PRIORITIES = [
    ("mean", "Mean of both axes: both count the same"),
    ("max", "The higher axis: one side is enough"),
    ("min", "The lower axis: both sides must agree"),
    ("distance", "Distance from the origin: as the mean, with more for the extremes"),
]
RULES = [
    ("", "As the tiers say: by their sizes if they have some, else natural breaks"),
    (Counts.kind, "Fixed counts: the sizes of the tiers"),
    (CutOffs.kind, "Cut-offs on priority"),
    (AxisCutOffs.kind, "Cut-offs that both axes must reach"),
    (NaturalBreaks.kind, "Natural breaks: where the scores leave the widest gaps"),
    (Quantiles.kind, "Equal shares of the ranked list"),
]


class MethodForm(forms.Form):
    """Priority rule and tier rule of one assessment."""

    priority = forms.ChoiceField(choices=PRIORITIES, label="Priority of an issue")
    rule = forms.ChoiceField(choices=RULES, required=False, label="How issues get their tier")
    cuts = forms.CharField(
        required=False,
        label="Cut-offs",
        help_text="Only for the two rules with cut-offs: the lowest score of every tier but the last, from high to "
        "low, such as 4; 3.2. A score of exactly 4 is inside.",
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
                raise ValidationError(f"{cut!r} is not a number. Write cut-offs such as 4; 3.2.") from error
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

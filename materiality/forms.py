"""Forms of the conclusion. They translate between fields and a Choice; what fits is decided by the services."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext_lazy

from materiality.choices import (
    CANNOT_JUDGE,
    CHOICES,
    FINITE_POPULATION,
    LENIENCY,
    PRIORITY,
    RULE,
    WEIGHTS,
    Choosing,
    Option,
)
from materiality.scoring.method import Method
from materiality.scoring.tier_rules import AxisCutOffs, CutOffs
from materiality.services import Choice, check_weights, method_with
from materiality.typed import cuts_of
from scoping.models import Assessment


@dataclass(frozen=True)
class Asked:
    """A choice on the page: its field, and each radio button with what it means."""

    choosing: Choosing
    field: BoundField
    options: tuple[tuple[BoundWidget, Option], ...]


def _radios(choosing: Choosing) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=[(option.value, gettext_lazy(option.label)) for option in choosing.options],
        label=gettext_lazy(choosing.label),
        widget=forms.RadioSelect,
        required=False,
    )


class MethodForm(forms.Form):
    """Every choice about the method of one assessment. What is not sent is as usual."""

    weights = _radios(WEIGHTS)
    priority = _radios(PRIORITY)
    rule = _radios(RULE)
    cuts = forms.CharField(
        required=False,
        label=gettext_lazy("Cut-offs"),
        help_text=gettext_lazy(
            "Only for the two rules with cut-offs: the lowest score of every tier but the last, from high to "
            "low, such as 4; 3.2. A score of exactly 4 is inside."
        ),
        max_length=100,
    )
    cannot_judge = _radios(CANNOT_JUDGE)
    leniency = _radios(LENIENCY)
    finite_population = _radios(FINITE_POPULATION)

    def __init__(self, *args: Any, assessment: Assessment, choice: Choice, **kwargs: Any) -> None:
        self.assessment = assessment
        self.method: Method | None = None
        kwargs["initial"] = choice.to_dict() | {
            "cuts": "; ".join(choice.cuts),
            "finite_population": "yes" if choice.finite_population else "no",
        }
        super().__init__(*args, **kwargs)

    def asked(self) -> Iterator[Asked]:
        """The choices in the order of the page."""
        for choosing in CHOICES:
            field = self[choosing.name]
            pairs = zip(field.subwidgets, choosing.options, strict=True)
            yield Asked(choosing, field, tuple(pairs))

    def clean_cuts(self) -> tuple[str, ...]:
        if self.data.get("rule") not in (CutOffs.kind, AxisCutOffs.kind):
            return ()
        return cuts_of(self.cleaned_data["cuts"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.method = method_with(self.choice(), self.assessment)
                check_weights(self.method, self.assessment)
            except ValidationError as error:
                self.add_error(error.code if error.code in self.fields else None, error)
        return cleaned

    def choice(self) -> Choice:
        """What was chosen, once it is clean."""
        usual = Choice().to_dict()
        values = {name: value or usual[name] for name, value in self.cleaned_data.items()}
        return Choice.from_dict(values | {"finite_population": values["finite_population"] == "yes"})

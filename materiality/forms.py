"""Forms of the conclusion. They translate between fields and the scoring's Method; the rules are there."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from materiality.scoring.method import AxisCutOffs, Counts, CutOffs, Method, NaturalBreaks, Quantiles, TierRule
from scoping.models import Assessment

PRIORITIES = [
    ("mean", "Mean of both axes: both count the same"),
    ("max", "The higher axis: one side is enough"),
    ("min", "The lower axis: both sides must agree"),
    ("distance", "Distance from the origin: as the mean, with more for the extremes"),
]
RULES = [
    ("counts", "Fixed counts: the first so many issues"),
    ("cut_offs", "Cut-offs on priority"),
    ("axis_cut_offs", "Cut-offs on both axes"),
    ("natural_breaks", "Natural breaks: where the scores leave gaps"),
    ("quantiles", "Equal shares of the list"),
]


class MethodForm(forms.Form):
    """Priority rule, tier names and tier rule of one assessment."""

    priority = forms.ChoiceField(choices=PRIORITIES, label="Priority of an issue")
    tiers = forms.CharField(label="Tiers, highest first", help_text="Names separated by commas.", max_length=400)
    rule = forms.ChoiceField(choices=RULES, label="How issues get their tier")
    counts = forms.CharField(
        required=False, label="Counts", help_text="For fixed counts: issues per tier, such as 9, 7, 2.", max_length=100
    )
    cuts = forms.CharField(
        required=False,
        label="Cut-offs",
        help_text="For cut-offs: the lowest score of every tier but the last, such as 4, 3.2. Exactly 4 is inside.",
        max_length=100,
    )

    def __init__(self, *args: Any, assessment: Assessment, method: Method, **kwargs: Any) -> None:
        self.assessment = assessment
        self.current = method
        counts = list(method.rule.counts) if isinstance(method.rule, Counts) else []
        cuts = list(method.rule.exact_cuts) if isinstance(method.rule, CutOffs | AxisCutOffs) else []
        kwargs.setdefault(
            "initial",
            {
                "priority": method.priority,
                "tiers": ", ".join(method.tiers),
                "rule": method.rule.kind,
                "counts": ", ".join(map(str, counts)),
                "cuts": ", ".join(f"{float(cut):g}" for cut in cuts),
            },
        )
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self._method = self._build(cleaned)
        except ValueError as error:
            self.add_error("counts" if cleaned["rule"] == "counts" else "cuts", str(error))
        return cleaned

    def method(self) -> Method:
        return self._method

    def _build(self, cleaned: dict[str, Any]) -> Method:
        names = tuple(name.strip() for name in cleaned["tiers"].split(",") if name.strip())
        rule: TierRule
        if cleaned["rule"] == Counts.kind:
            rule = Counts(tuple(_whole(part) for part in _parts(cleaned["counts"])))
            if sum(rule.counts) != self.assessment.issues.count():
                raise ValueError(
                    f"The counts add up to {sum(rule.counts)}, but there are {self.assessment.issues.count()} issues."
                )
        elif cleaned["rule"] in (CutOffs.kind, AxisCutOffs.kind):
            kind = CutOffs if cleaned["rule"] == CutOffs.kind else AxisCutOffs
            rule = kind(tuple(_number(part) for part in _parts(cleaned["cuts"])))
        else:
            rule = NaturalBreaks() if cleaned["rule"] == NaturalBreaks.kind else Quantiles()
        return replace(self.current, priority=cleaned["priority"], tiers=names, rule=rule)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]


def _whole(text: str) -> int:
    if not text.isdigit():
        raise ValueError(f"{text!r} is not a whole number. Write counts such as 9, 7, 2.")
    return int(text)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not a number. Write cut-offs such as 4, 3.2.") from error
